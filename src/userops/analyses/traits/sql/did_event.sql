select distinct $person as person
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and event = $event
