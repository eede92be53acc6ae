-- When the first event happened.
select min(ts) as at, count() as events
from events
where product = {product:UInt32}
