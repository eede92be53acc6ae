-- Of each property: events with a value, events whose value is a number, different values.
select $counts
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
$more
