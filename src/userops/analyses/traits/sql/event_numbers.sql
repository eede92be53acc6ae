-- Of an event property that is a number: the mean of each person, by side.
with persons as (
    select $person as person, avg($number) as value
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($anyone)
        and isFinite($number)
    group by person
)
select ($inside) as inside, $figures
from persons
group by inside
