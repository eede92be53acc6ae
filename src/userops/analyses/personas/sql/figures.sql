-- Of each person with an event in the range: how many, days since the last and the first, and for how much.
select
    $person as person,
    toFloat64(countIf(ts >= $begin)) as events,
    toFloat64({last:Int32} - toInt32(toDate(max(ts), {timezone:String}))) as recency,
    toFloat64({last:Int32} - toInt32(toDate(min(ts), {timezone:String}))) as tenure,
    toFloat64(countIf(ts >= $begin and ($purchase))) as purchases,
    ifNull(round(sumIf($value, ts >= $begin and ($purchase) and isFinite($value)), 6), 0) as value
from events
where product = {product:UInt32} and ts < $after and ($condition) and ($part)
group by person
having events > 0
order by person
