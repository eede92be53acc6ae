-- The events of one series by a number for their breakdown value and unit.
select $number as number, count() as events
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
group by number
