-- How many persons there are, about: into how many parts they are divided.
select uniq($person) as people
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition) and ($part)
