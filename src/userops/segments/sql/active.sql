-- The persons who have an event.
select toString(groupBitmapState($person)) as persons
from events
where product = {product:UInt32}
