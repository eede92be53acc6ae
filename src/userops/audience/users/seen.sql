-- When these users were last seen, and how often.
select uid, max(ts) as last, count() as events
from events
where product = {product:UInt32} and uid in {uids:Array(UInt32)}
group by uid
