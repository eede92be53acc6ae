select person
from profiles final
where product = {product:UInt32} and not gone and $value = $wanted
