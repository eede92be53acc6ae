-- What the events of a product are: how many, and of those before a moment how many, the last day and batch.
select
    count() as events,
    countIf(ts < $before) as events_before,
    maxIf(batch, ts < $before) as batch_before,
    toInt32(toDate(maxIf(ts, ts < $before), {timezone:String})) as last_day
from events
where product = {product:UInt32}
