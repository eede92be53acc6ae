-- The figures of the sessions that begin in the range, by group and period, and by group alone. Length,
-- depth and bounces are those of sessions that are over.
with found as (
    select $group as value, $period as period, person, depth, until < $open as over,
        toUnixTimestamp64Milli(until) - toUnixTimestamp64Milli(ts) as length
    from ($sessions)
    where ts >= $begin and ts < $after
)
select
    $columns $place as place,
    $whole as whole,
    count() as sessions,
    uniqExact(person) as users,
    countIf(over) as closed,
    countIf(over and depth <= $bounce) as bounced,
    sumIf(depth, over) as events,
    sumIf(found.length, over) as length,
    quantilesExactInclusiveIf(0.5, 0.9)(found.length, over) as lengths,
    quantileExactInclusiveIf(0.5)(depth, over) as median_depth
from found
group by grouping sets ($sets)
