-- How many events of any kind there are in the week before a moment, and in the week from it on.
select countIf(ts < $moment) as before, countIf(ts >= $moment) as after
from events
where product = {product:UInt32} and ts >= $first and ts < $until
