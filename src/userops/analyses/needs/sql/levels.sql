select
    $person as person,
    toUInt8(windowFunnel($window)(toUInt64(toUnixTimestamp64Milli(ts)), $steps)) as level
from events
where product = {product:UInt32} and ts >= $begin and ts < $until and event in $names
    and ($condition) and ($inside)
group by person
