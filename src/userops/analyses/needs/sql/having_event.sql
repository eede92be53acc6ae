select $person as person
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition) and ($inside)
    and ($wanted)
