-- Persons whose profile has a property with this value. $text is the property as text.
select person
from profiles final
where product = {product:UInt32}
    and gone = 0
    and $text = {value:String}
order by person
limit {limit:UInt32}
