-- The figures of the sessions that begin in the range, by group and period, and by group alone. Length,
-- depth and bounces are those of sessions that are over.
with found as (
    select value as value, 0 as period, person, depth, until < fromUnixTimestamp64Milli({v8:Int64}, 'UTC') as over,
        toUnixTimestamp64Milli(until) - toUnixTimestamp64Milli(ts) as length
    from (-- Sessions of events without an id: cut where more time passes than the timeout.
select person, fromUnixTimestamp64Milli(part[1], 'UTC') as ts, fromUnixTimestamp64Milli(part[-1], 'UTC') as until, length(part) as depth, tuple() as value
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, arraySort(groupArray(toUnixTimestamp64Milli(ts))) as items
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and (1) and (session = '')
    group by person
)
array join arraySplit((item, gap) -> gap > {v4:Int64}, items, arrayDifference(items)) as part
 union all -- Sessions that carry an id, one for each person and id.
select person, first as ts, until, depth, value
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, min(ts) as first, max(ts) as until, count() as depth, tuple() as value
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and (1) and session != ''
    group by person, session
)
)
    where ts >= fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v7:Int64}, 'UTC')
)
select
     0 as place,
    1 as whole,
    count() as sessions,
    uniqExact(person) as users,
    countIf(over) as closed,
    countIf(over and depth <= {v5:Int64}) as bounced,
    sumIf(depth, over) as events,
    sumIf(found.length, over) as length,
    quantilesExactInclusiveIf(0.5, 0.9)(found.length, over) as lengths,
    quantileExactInclusiveIf(0.5)(depth, over) as median_depth
from found
group by grouping sets ((value))
-- timezone: Asia/Shanghai
-- v2: 1709136000000
-- v3: 1711987200000
-- v4: 1800000
-- v5: 1
-- v6: 1709222400000
-- v7: 1711900800000
-- v8: 1893454200000;

-- How many sessions that are over fall between two edges.
select  bucket, count() as sessions
from (
    select value as value, arrayCount(edge -> edge <= toUnixTimestamp64Milli(until) - toUnixTimestamp64Milli(ts), {v5:Array(Int64)}) - 1 as bucket
    from (-- Sessions of events without an id: cut where more time passes than the timeout.
select person, fromUnixTimestamp64Milli(part[1], 'UTC') as ts, fromUnixTimestamp64Milli(part[-1], 'UTC') as until, length(part) as depth, tuple() as value
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, arraySort(groupArray(toUnixTimestamp64Milli(ts))) as items
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and (1) and (session = '')
    group by person
)
array join arraySplit((item, gap) -> gap > {v4:Int64}, items, arrayDifference(items)) as part
 union all -- Sessions that carry an id, one for each person and id.
select person, first as ts, until, depth, value
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, min(ts) as first, max(ts) as until, count() as depth, tuple() as value
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and (1) and session != ''
    group by person, session
)
)
    where ts >= fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v7:Int64}, 'UTC') and until < fromUnixTimestamp64Milli({v8:Int64}, 'UTC')
)
group by value, bucket
-- timezone: Asia/Shanghai
-- v2: 1709136000000
-- v3: 1711987200000
-- v4: 1800000
-- v5: [0, 10000, 30000, 60000, 180000, 600000, 1800000, 3600000, 7200000]
-- v6: 1709222400000
-- v7: 1711900800000
-- v8: 1893454200000
