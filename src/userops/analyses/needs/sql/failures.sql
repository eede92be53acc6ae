-- A kind of failure by its reason: how often, how many persons of the group and of the others met it, and
-- how many of the group more than once.
with found as (
    select $person as person, $reason as reason, ($inside) as inside, count() as often
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
        and event = $event
    group by person, reason, inside
)
select
    reason,
    sumIf(often, inside) as times,
    countIf(inside) as users,
    countIf(not inside) as others,
    countIf(inside and often > 1) as repeaters
from found
group by reason
having users > 0
order by users desc, times desc, reason
limit {most:UInt32}
