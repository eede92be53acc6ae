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
    sumMap([toInt32($bucket)], [toUInt64(1)]) as counted,
    tupleElement(counted, 1) as buckets,
    tupleElement(counted, 2) as counts
from persons
group by value, period
