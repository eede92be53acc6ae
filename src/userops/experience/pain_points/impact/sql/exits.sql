-- By day: the persons who did a step and not the next one at or after their first step of that day.
select day, toString(groupBitmapState(person)) as users
from (
    select
        toUInt32(toUInt16(toDate(ts, {timezone:String}))) as day,
        $person as person,
        minIf(ts, $step) as first_step,
        maxIf(ts, $next) as last_next,
        countIf($step) as steps,
        countIf($next) as nexts
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after and (($step) or ($next))
    group by day, person
)
where steps > 0 and (nexts = 0 or last_next < first_step)
group by day
