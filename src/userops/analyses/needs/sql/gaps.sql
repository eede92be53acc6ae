-- By event: how many of those who stayed did it, and how many of the group who did not stay.
with persons as (
    select
        $person as person,
        ($inside) as inside,
        min(ts) < $early and max(ts) >= $late as stayed,
        groupUniqArray(event) as events
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
    group by person, inside
)
select
    event,
    countIf(stayed) as stayed_users,
    countIf(inside and not stayed) as users
from (select inside, stayed, arrayJoin(arrayPushBack(events, '')) as event from persons)
group by event
order by event
