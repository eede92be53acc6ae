-- Persons and the number that is known of each.
select person, toFloat64OrNull(value) as number
from ($known)
where isFinite(toFloat64OrNull(value))
order by person
