-- By event: how many of those who bought did it on the day of a purchase, before it.
with bought as (
    select $person as person, toDate(ts, {timezone:String}) as day, max(ts) as at
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
        and event = $purchase
    group by person, day
)
select event, uniqExact(bought.person) as buyers
from events
inner join bought on bought.person = $person and bought.day = toDate(ts, {timezone:String})
where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
    and ts <= bought.at
group by event
