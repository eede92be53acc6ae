-- how often each person did the return event in each calendar period
select
    $person as person,
    $period as at,
    toUInt32(count()) as times
from events
where product = {product:UInt32}
    and ts >= fromUnixTimestamp64Milli({begin:Int64}, 'UTC')
    and ts < fromUnixTimestamp64Milli({until:Int64}, 'UTC')
    and ($return)
    and ($filters)
group by person, at
