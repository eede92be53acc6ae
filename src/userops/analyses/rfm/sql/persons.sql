-- Of each person with a purchase in the range: days since the last one, how often, and for how much.
select
    $person as person,
    toInt32({last:Int32} - toInt32(toDate(max(ts), {timezone:String}))) as recency,
    toUInt32($frequency) as frequency,
    ifNull(round(sumIf($value, isFinite($value)), 6), 0) as monetary
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
group by person
