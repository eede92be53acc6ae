-- every row that the funnel looks at as one number: who, when, which steps, which exclusions, and the codes of
-- the breakdown's values, from the highest bits to the lowest
select $key as key
from events
where product = {product:UInt32}
    and ts >= fromUnixTimestamp64Milli({begin:Int64}, 'UTC')
    and ts < fromUnixTimestamp64Milli({until:Int64}, 'UTC')
    and ($wanted)
    and ($filters)
    and ($block)
$most
