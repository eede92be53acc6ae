-- The events up to a moment that a refresh reads: their live batches up to the last, its imports one by one,
-- how many they are, and a sum over all of them.
select
    maxIf(batch, batch < $imports) as live,
    arraySort(groupUniqArrayIf(batch, batch >= $imports)) as done,
    count() as events,
    toString(sum(cityHash64(uid, ts, event))) as checksum
from events
where product = {product:UInt32} and ts < $after and $which
