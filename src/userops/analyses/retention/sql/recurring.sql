-- each person's first start event in each period of the range
select
    $person as person,
    $period as period,
    min(toUnixTimestamp64Milli(ts)) as at$columns
from events
where product = {product:UInt32}
    and ts >= fromUnixTimestamp64Milli({begin:Int64}, 'UTC')
    and ts < fromUnixTimestamp64Milli({end:Int64}, 'UTC')
    and ($start)
    and ($filters)
group by person, period
order by person, period
