-- every return event, with its value
select
    $person as person,
    toUnixTimestamp64Milli(ts) as at,
    $value as value
from events
where product = {product:UInt32}
    and ts >= fromUnixTimestamp64Milli({begin:Int64}, 'UTC')
    and ts < fromUnixTimestamp64Milli({until:Int64}, 'UTC')
    and ($return)
    and ($filters)
