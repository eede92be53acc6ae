select person
from (
    select $person as person, $value as value, count() as times
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after and $elsewhere
    group by person, value
    having value != ''
)
group by person
having argMax(value, (times, value)) = $wanted
