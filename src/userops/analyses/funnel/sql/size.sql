-- how many rows the funnel looks at, the highest user among them, and the values of the breakdown
select count() as rows, $highest as highest$values
from events
where product = {product:UInt32}
    and ts >= fromUnixTimestamp64Milli({begin:Int64}, 'UTC')
    and ts < fromUnixTimestamp64Milli({until:Int64}, 'UTC')
    and ($wanted)
    and ($filters)
