select person
from (
    select
        $person as person,
        min(ts) < $early and max(ts) >= $late as stayed,
        countIf($wanted) as times
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition) and ($inside)
    group by person
)
where not stayed and times = 0
