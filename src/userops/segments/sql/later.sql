-- The persons who have an event, at whatever time.
select toString(groupBitmapState($person)) as persons
from events
where product = {product:UInt32}
