-- How many persons are active in each unit, for how many of them it is the first, and how many were
-- active in the unit before: those whose units are one step apart.
with persons as (
    select
        min($number) as first,
        arraySort(groupUniqArrayIf($number, ($active) and ts >= $begin)) as units
    from events
    where product = {product:UInt32} and ts < $after and ($condition)
    group by $person
)
select
    unit,
    count() as active,
    countIf(unit = first) as new,
    countIf(step = 1) as returning
from persons
array join units as unit, arrayDifference(units) as step
group by unit
