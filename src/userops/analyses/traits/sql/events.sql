-- How many events are looked at.
select count() as events
from events
where product = {product:UInt32} and ts >= $begin and ts < $after
