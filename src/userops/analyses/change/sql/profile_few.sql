-- How many values each property of persons has, counted up to one more than is asked.
select $counts
from profiles final
where product = {product:UInt32} and not gone
