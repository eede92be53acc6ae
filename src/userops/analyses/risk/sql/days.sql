-- What each person did on each day: the place of the event's name among those told apart (0: another one),
-- how often, and how often it was the core action.
select
    $person as person,
    toInt32(toDate(ts, {timezone:String})) as day,
    toUInt8(indexOf($names, event)) as code,
    toUInt32(count()) as times,
    toUInt32(countIf($core)) as core
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and ($filters)
    and cityHash64($person) % $modulo = 0
group by person, day, code
order by person, day
