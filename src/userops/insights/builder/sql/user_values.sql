-- The most frequent values of a property of users.
select $value as value, count() as times
from profiles final
where product = {product:UInt32} and not gone and value != ''
group by value
order by times desc, value
limit 100
