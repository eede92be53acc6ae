-- What each person paid on each day, up to a moment.
select
    toInt32(toDate(ts, {timezone:String})) as day,
    toUInt32($person) as person,
    round(sumIf($value, isFinite($value)), 6) as total
from events
where product = {product:UInt32} and ts < $after and isFinite($value)
group by day, person
having total != 0
order by day, person
