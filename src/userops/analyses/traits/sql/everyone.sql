-- The persons with an event in the range.
select groupUniqArray($person) as persons
from events
where product = {product:UInt32} and ts >= $begin and ts < $after
