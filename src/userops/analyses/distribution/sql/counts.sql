-- How many persons fall into each bucket, and how their figures lie.
with persons as (
    $persons
)
select
    $columns period,
    count() as users,
    sumKahan(figure) as total,
    min(figure) as least,
    max(figure) as most,
    quantileExactInclusive(0.5)(figure) as median,
    countResample(0, $buckets, 1)(arrayCount(cut -> figure >= cut, $cuts)) as counts
from persons
group by value, period
