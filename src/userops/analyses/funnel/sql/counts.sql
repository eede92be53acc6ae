-- the depth of each person's best chain, by the engine's own funnel; one event may be two steps
select depth, count() as persons
from (
    select
        $person as person,
        windowFunnel($window, 'strict_once')(toUInt64(toUnixTimestamp64Milli(ts)), $conditions) as depth
    from events
    where product = {product:UInt32}
        and ts >= fromUnixTimestamp64Milli({begin:Int64}, 'UTC')
        and ts < fromUnixTimestamp64Milli({until:Int64}, 'UTC')
        and ($wanted)
        and ($filters)
    group by person
)
where depth > 0
group by depth
