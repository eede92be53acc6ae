-- The events of one person by name.
select
    event,
    count() as events,
    min(ts) as first,
    max(ts) as last
from events
where product = {product:UInt32}
    and uid in {uids:Array(UInt32)}
group by event
order by events desc, event
