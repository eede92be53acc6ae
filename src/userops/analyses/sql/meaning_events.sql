-- The names of events in a range: how often they happened, and to how many persons.
select event as name, count() as events, uniqExact($person) as persons
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
group by name
order by persons desc, events desc, name
limit {most:UInt32}
