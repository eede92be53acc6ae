-- Of a fact that is a number, by side.
with persons as (
    select person, toFloat64OrNull(text) as value
    from (select person, value as text from ($fact))
    where isFinite(toFloat64OrNull(text)) and ($anyone)
)
select ($inside) as inside, $figures
from persons
group by inside
