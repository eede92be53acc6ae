select person, $columns
from profiles final
where product = {product:UInt32} and not gone
order by person
