-- The persons of some events by day, counted from the events themselves.
select
    toUInt32(toUInt16(toDate(ts, {timezone:String}))) as day,
    count() as events,
    toString(groupBitmapState($person)) as users
from events
where product = {product:UInt32} and ($condition) and ($spans)
group by day
