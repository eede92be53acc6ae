-- The aggregates of one series per breakdown value and unit, and per value over the whole range, where the
-- leading values are found in the same reading. `place` ranks a value by the figure over the range.
with cells as (
    select $value as value, $bucket as bucket, count() as events, $states
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
    group by value, bucket
),
scored as (
    select *, $score as score, sum(events) over (partition by value) as rows
    from cells
),
ranked as (
    select *, dense_rank() over (order by score desc nulls last, rows desc, value) as place
    from scored
),
spread as (
    select $spread as value, bucket, place, $names
    from (select * replace($told_apart as value) from ranked)
)
select $columns bucket, grouping(bucket) as whole, min(place) as best, max(place) as last, $merged
from spread
group by grouping sets ((value, bucket), (value))
