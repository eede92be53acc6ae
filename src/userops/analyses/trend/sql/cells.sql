-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select $value as value, $bucket as bucket, $states
    from events $known
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
    group by value, bucket
),
spread as (
    select $spread as value, bucket, $names
    from cells
)
select $columns bucket, grouping(bucket) as whole, $merged
from spread
group by grouping sets ((value, bucket), (value))
