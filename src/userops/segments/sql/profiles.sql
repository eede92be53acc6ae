-- The persons who have a profile.
select toString(groupBitmapState(person)) as persons
from profiles final
where product = {product:UInt32} and not gone
