-- What is known of each person today.
select person, $value as value
from profiles final
where product = {product:UInt32} and not gone
order by person
