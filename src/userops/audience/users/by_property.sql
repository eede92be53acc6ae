-- Persons whose profile has a property with this value.
select person
from profiles final
where product = {product:UInt32}
    and gone = 0
    and toString(props.{property:Identifier}) = {value:String}
order by person
limit {limit:UInt32}
