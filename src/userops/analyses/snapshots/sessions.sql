-- The groups with the most sessions; one more than asked tells that there are others.
select value.1 as b0
from (-- Sessions of events without an id: cut where more time passes than the timeout.
select person, fromUnixTimestamp64Milli(part[1].1, 'UTC') as ts, fromUnixTimestamp64Milli(part[-1].1, 'UTC') as until, length(part) as depth, part[1].2 as value
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, arraySort(groupArray((toUnixTimestamp64Milli(ts), tuple(city)))) as items
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v2:Identifier}) in {v4:Array(String)})))) and (session = '')
    group by person
)
array join arraySplit((item, gap) -> gap > {v7:Int64}, items, arrayDifference(tupleElement(items, 1))) as part
 union all -- Sessions that carry an id, one for each person and id.
select person, first as ts, until, depth, value
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, min(ts) as first, max(ts) as until, count() as depth, min(tuple(ts, tuple(city))).2 as value
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v2:Identifier}) in {v4:Array(String)})))) and session != ''
    group by person, session
)
)
where ts >= fromUnixTimestamp64Milli({v9:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v10:Int64}, 'UTC')
group by value
order by count() desc, value
limit {v8:Int64}
-- timezone: Asia/Shanghai
-- v2: level
-- v3: level
-- v4: ['gold']
-- v5: 1709136000000
-- v6: 1711987200000
-- v7: 1800000
-- v8: 3
-- v9: 1709222400000
-- v10: 1711900800000
-- v11: 1893454200000;

-- The figures of the sessions that begin in the range, by group and period, and by group alone. Length,
-- depth and bounces are those of sessions that are over.
with found as (
    select value as value, toInt32(toDate(ts, {timezone:String})) - {v8:Int64} as period, person, depth, until < fromUnixTimestamp64Milli({v12:Int64}, 'UTC') as over,
        toUnixTimestamp64Milli(until) - toUnixTimestamp64Milli(ts) as length
    from (-- Sessions of events without an id: cut where more time passes than the timeout.
select person, fromUnixTimestamp64Milli(part[1], 'UTC') as ts, fromUnixTimestamp64Milli(part[-1], 'UTC') as until, length(part) as depth, tuple() as value
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, arraySort(groupArray(toUnixTimestamp64Milli(ts))) as items
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v2:Identifier}) in {v4:Array(String)})))) and (session = '')
    group by person
)
array join arraySplit((item, gap) -> gap > {v7:Int64}, items, arrayDifference(items)) as part
 union all -- Sessions that carry an id, one for each person and id.
select person, first as ts, until, depth, value
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, min(ts) as first, max(ts) as until, count() as depth, tuple() as value
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v2:Identifier}) in {v4:Array(String)})))) and session != ''
    group by person, session
)
)
    where ts >= fromUnixTimestamp64Milli({v10:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v11:Int64}, 'UTC')
)
select
     period as place,
    grouping(period) as whole,
    count() as sessions,
    uniqExact(person) as users,
    countIf(over) as closed,
    countIf(over and depth <= {v9:Int64}) as bounced,
    sumIf(depth, over) as events,
    sumIf(found.length, over) as length,
    quantilesExactInclusiveIf(0.5, 0.9)(found.length, over) as lengths,
    quantileExactInclusiveIf(0.5)(depth, over) as median_depth
from found
group by grouping sets ((value, period), (value))
-- timezone: Asia/Shanghai
-- v2: level
-- v3: level
-- v4: ['gold']
-- v5: 1709136000000
-- v6: 1711987200000
-- v7: 1800000
-- v8: 19783
-- v9: 1
-- v10: 1709222400000
-- v11: 1711900800000
-- v12: 1893454200000;

-- The figures of the sessions that begin in the range, by group and period, and by group alone. Length,
-- depth and bounces are those of sessions that are over.
with found as (
    select if(value in {v8:Array(Tuple(String))}, value, tuple('$others')) as value, toInt32(toDate(ts, {timezone:String})) - {v9:Int64} as period, person, depth, until < fromUnixTimestamp64Milli({v13:Int64}, 'UTC') as over,
        toUnixTimestamp64Milli(until) - toUnixTimestamp64Milli(ts) as length
    from (-- Sessions of events without an id: cut where more time passes than the timeout.
select person, fromUnixTimestamp64Milli(part[1].1, 'UTC') as ts, fromUnixTimestamp64Milli(part[-1].1, 'UTC') as until, length(part) as depth, part[1].2 as value
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, arraySort(groupArray((toUnixTimestamp64Milli(ts), tuple(city)))) as items
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v2:Identifier}) in {v4:Array(String)})))) and (session = '')
    group by person
)
array join arraySplit((item, gap) -> gap > {v7:Int64}, items, arrayDifference(tupleElement(items, 1))) as part
 union all -- Sessions that carry an id, one for each person and id.
select person, first as ts, until, depth, value
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, min(ts) as first, max(ts) as until, count() as depth, min(tuple(ts, tuple(city))).2 as value
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v2:Identifier}) in {v4:Array(String)})))) and session != ''
    group by person, session
)
)
    where ts >= fromUnixTimestamp64Milli({v11:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v12:Int64}, 'UTC')
)
select
    value.1 as b0,  period as place,
    grouping(period) as whole,
    count() as sessions,
    uniqExact(person) as users,
    countIf(over) as closed,
    countIf(over and depth <= {v10:Int64}) as bounced,
    sumIf(depth, over) as events,
    sumIf(found.length, over) as length,
    quantilesExactInclusiveIf(0.5, 0.9)(found.length, over) as lengths,
    quantileExactInclusiveIf(0.5)(depth, over) as median_depth
from found
group by grouping sets ((value, period), (value))
-- timezone: Asia/Shanghai
-- v2: level
-- v3: level
-- v4: ['gold']
-- v5: 1709136000000
-- v6: 1711987200000
-- v7: 1800000
-- v8: [('c0',), ('c1',)]
-- v9: 19783
-- v10: 1
-- v11: 1709222400000
-- v12: 1711900800000
-- v13: 1893454200000
