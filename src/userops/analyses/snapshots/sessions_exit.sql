-- The groups with the most sessions; one more than asked tells that there are others.
select value.1 as b0
from (-- Sessions of events without an id: cut where more time passes than the timeout.
select person, fromUnixTimestamp64Milli(part[1].1, 'UTC') as ts, fromUnixTimestamp64Milli(part[-1].1, 'UTC') as until, length(part) as depth, part[-1].2 as value
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, arraySort(groupArray((toUnixTimestamp64Milli(ts), tuple(page)))) as items
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ((event in {v2:Array(String)})) and (1)
    group by person
)
array join arraySplit((item, gap) -> gap > {v5:Int64}, items, arrayDifference(tupleElement(items, 1))) as part
)
where ts >= fromUnixTimestamp64Milli({v7:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v8:Int64}, 'UTC')
group by value
order by count() desc, value
limit {v6:Int64}
-- timezone: Asia/Shanghai
-- v2: ['pay']
-- v3: 1709136000000
-- v4: 1711987200000
-- v5: 1800000
-- v6: 11
-- v7: 1709222400000
-- v8: 1711900800000
-- v9: 1893454200000;

-- The figures of the sessions that begin in the range, by group and period, and by group alone. Length,
-- depth and bounces are those of sessions that are over.
with found as (
    select value as value, 0 as period, person, depth, until < fromUnixTimestamp64Milli({v9:Int64}, 'UTC') as over,
        toUnixTimestamp64Milli(until) - toUnixTimestamp64Milli(ts) as length
    from (-- Sessions of events without an id: cut where more time passes than the timeout.
select person, fromUnixTimestamp64Milli(part[1], 'UTC') as ts, fromUnixTimestamp64Milli(part[-1], 'UTC') as until, length(part) as depth, tuple() as value
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, arraySort(groupArray(toUnixTimestamp64Milli(ts))) as items
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ((event in {v2:Array(String)})) and (1)
    group by person
)
array join arraySplit((item, gap) -> gap > {v5:Int64}, items, arrayDifference(items)) as part
)
    where ts >= fromUnixTimestamp64Milli({v7:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v8:Int64}, 'UTC')
)
select
     0 as place,
    1 as whole,
    count() as sessions,
    uniqExact(person) as users,
    countIf(over) as closed,
    countIf(over and depth <= {v6:Int64}) as bounced,
    sumIf(depth, over) as events,
    sumIf(found.length, over) as length,
    quantilesExactInclusiveIf(0.5, 0.9)(found.length, over) as lengths,
    quantileExactInclusiveIf(0.5)(depth, over) as median_depth
from found
group by grouping sets ((value))
-- timezone: Asia/Shanghai
-- v2: ['pay']
-- v3: 1709136000000
-- v4: 1711987200000
-- v5: 1800000
-- v6: 1
-- v7: 1709222400000
-- v8: 1711900800000
-- v9: 1893454200000;

-- The figures of the sessions that begin in the range, by group and period, and by group alone. Length,
-- depth and bounces are those of sessions that are over.
with found as (
    select value as value, 0 as period, person, depth, until < fromUnixTimestamp64Milli({v9:Int64}, 'UTC') as over,
        toUnixTimestamp64Milli(until) - toUnixTimestamp64Milli(ts) as length
    from (-- Sessions of events without an id: cut where more time passes than the timeout.
select person, fromUnixTimestamp64Milli(part[1].1, 'UTC') as ts, fromUnixTimestamp64Milli(part[-1].1, 'UTC') as until, length(part) as depth, part[-1].2 as value
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, arraySort(groupArray((toUnixTimestamp64Milli(ts), tuple(page)))) as items
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ((event in {v2:Array(String)})) and (1)
    group by person
)
array join arraySplit((item, gap) -> gap > {v5:Int64}, items, arrayDifference(tupleElement(items, 1))) as part
)
    where ts >= fromUnixTimestamp64Milli({v7:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v8:Int64}, 'UTC')
)
select
    value.1 as b0,  0 as place,
    1 as whole,
    count() as sessions,
    uniqExact(person) as users,
    countIf(over) as closed,
    countIf(over and depth <= {v6:Int64}) as bounced,
    sumIf(depth, over) as events,
    sumIf(found.length, over) as length,
    quantilesExactInclusiveIf(0.5, 0.9)(found.length, over) as lengths,
    quantileExactInclusiveIf(0.5)(depth, over) as median_depth
from found
group by grouping sets ((value))
-- timezone: Asia/Shanghai
-- v2: ['pay']
-- v3: 1709136000000
-- v4: 1711987200000
-- v5: 1800000
-- v6: 1
-- v7: 1709222400000
-- v8: 1711900800000
-- v9: 1893454200000
