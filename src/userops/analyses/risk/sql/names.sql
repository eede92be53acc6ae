-- The events that most persons did, up to a day.
select event
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and ($filters)
group by event
order by uniqExact($person) desc, event
limit $limit
