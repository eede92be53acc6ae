-- how many rows the funnel looks at
select count() as rows
from events
where product = {product:UInt32}
    and ts >= fromUnixTimestamp64Milli({begin:Int64}, 'UTC')
    and ts < fromUnixTimestamp64Milli({until:Int64}, 'UTC')
    and ($wanted)
    and ($filters)
