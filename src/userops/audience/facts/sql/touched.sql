-- Who has an event that the last refresh did not read: of a batch that is new, or from after its last day.
select distinct $person as person
from events
where product = {product:UInt32} and ts < $after and (ts >= $read_until or not ($known))
