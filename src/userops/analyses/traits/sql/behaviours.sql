-- By event: how many of each side did it in the range, how often, and the squares of that.
with persons as (
    select event, $person as person, count() as times
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($anyone) and ($block)
    group by event, person
)
select
    event,
    ($inside) as inside,
    count() as persons,
    sum(times) as total,
    sum(toFloat64(times) * times) as squares
from persons
group by event, inside
