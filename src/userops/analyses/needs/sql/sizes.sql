-- The persons of the group and the others with an event in the range; those of the group who searched, and how often.
with persons as (
    select
        $person as person,
        ($inside) as inside,
        countIf($search) as tried,
        countIf(($search) and $results = 0) as missed
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
    group by person, inside
)
select
    countIf(inside) as users,
    countIf(not inside) as others,
    countIf(inside and tried > 0) as searchers,
    countIf(not inside and tried > 0) as other_searchers,
    sumIf(tried, inside) as searches,
    sumIf(missed, inside) as empty,
    countIf(inside and missed > 0) as disappointed
from persons
