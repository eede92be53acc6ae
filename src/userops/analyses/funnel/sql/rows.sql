-- every row that the funnel looks at: who, when, which steps (bit k = step k + 1), which exclusions
select
    $person as person,
    toUnixTimestamp64Milli(ts) as at,
    toUInt32($steps) as steps,
    toUInt32($exclusions) as exclusions$columns
from events
where product = {product:UInt32}
    and ts >= fromUnixTimestamp64Milli({begin:Int64}, 'UTC')
    and ts < fromUnixTimestamp64Milli({until:Int64}, 'UTC')
    and ($wanted)
    and ($filters)
    and ($block)
