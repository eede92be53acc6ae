-- The values of a tag as they were put on.
select uid, value
from facts
where product = {product:UInt32} and name = {name:String} and version = {version:UInt64}
