-- Of a fact that is a number, by side.
with persons as (
    select person, toFloat64OrNull(value) as value
    from ($fact)
    where isFinite(toFloat64OrNull(value)) and ($anyone)
)
select ($inside) as inside, $figures
from persons
group by inside
