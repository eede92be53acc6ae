-- whom an event happened to, and when first
select uid, toUnixTimestamp64Milli(min(ts)) as at
from events
where product = {product:UInt32} and event = {event:String}
group by uid
order by at, uid
