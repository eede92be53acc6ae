-- How many persons fall into each bucket, and how their figures lie. Of the bounds, where buckets begin, the
-- first is below everything.
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
    sumMap([roundDown(figure, $bounds)], [toUInt64(1)]) as counted,
    arrayMap(bound -> toInt32(indexOf($bounds, bound)) - 1, tupleElement(counted, 1)) as buckets,
    tupleElement(counted, 2) as counts
from persons
group by value, period
