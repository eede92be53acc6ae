-- The most frequent values of a property of events.
select $value as value, count() as times
from events
where product = {product:UInt32} and value != ''
group by value
order by times desc, value
limit 100
