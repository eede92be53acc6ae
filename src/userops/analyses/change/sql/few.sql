-- How many values each property has on the events of a figure, counted up to one more than is asked.
select $counts
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
