-- How many different values a property has, and how many events carry it.
select uniqExact($text) as different, count() as events
from events
where product = {product:UInt32} and ts >= $begin and $text != ''
