select
    event,
    count() as events,
    uniqExact(uid) as users,
    max(ts) as last_seen
from events
where product = {product:UInt32}
group by event
