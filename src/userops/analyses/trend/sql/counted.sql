-- The events of one series by breakdown value and unit.
select $columns, $bucket as bucket, count() as events
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
group by $names, bucket
