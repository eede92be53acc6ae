-- On which days each customer bought, and for how much; days since 1970.
select
    $person as person,
    toInt32(toDate(ts, {timezone:String})) as day,
    ifNull(round(sumIf($value, isFinite($value)), 6), 0) as money
from events
where product = {product:UInt32} and ts < $after and ($condition)
group by person, day
