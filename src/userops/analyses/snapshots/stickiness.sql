-- The breakdown values with the most persons; one more than asked tells that there are others.
select value.1 as b0
from (
    select tuple(city) as value, uniqExact(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as users
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v2:Identifier}) in {v4:Array(String)}))))
    group by value
)
order by users desc, value
limit {v7:Int64}
-- timezone: Asia/Shanghai
-- v2: level
-- v3: level
-- v4: ['gold']
-- v5: 1709222400000
-- v6: 1711900800000
-- v7: 3;

-- How many persons were active in each number of intervals.
with active as (
    -- Person → in how many intervals they were active, and in how many of those that are over. This one
-- statement is all that the frequencies need of the events.
select tuple() as value, 0 as period, bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, bitCount(groupBitOr(bitShiftLeft(toUInt64(1), toUInt8((toInt32(toDate(ts, {timezone:String})) - {v7:Int64}) % 64)))) as active, bitCount(groupBitOr(bitShiftLeft(toUInt64(1), toUInt8((toInt32(toDate(ts, {timezone:String})) - {v7:Int64}) % 64)))) as finished
from events 
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v2:Identifier}) in {v4:Array(String)}))))
group by value, period, person

)
select  period, active, finished, count() as users
from active
group by value, period, active, finished
order by value, period, active, finished
-- timezone: Asia/Shanghai
-- v2: level
-- v3: level
-- v4: ['gold']
-- v5: 1709222400000
-- v6: 1711900800000
-- v7: 19783;

-- Distinct persons of each day, and of the 7 and 30 days up to it as the changes of their numbers: a
-- person counts from each active day until the window ends or the next active day begins.
with active as (
    select tuple() as value, bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, arraySort(groupUniqArray(toInt32(toDate(ts, {timezone:String})))) as days
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v2:Identifier}) in {v4:Array(String)}))))
    group by value, person
),
changes as (
    select
        value,
        arrayPushBack(arrayPopFront(days), 2147483647) as next_days,
        arrayJoin(arrayConcat(
            arrayMap(day -> (day, 1, 1, 1), days),
            arrayMap((day, following) -> (least(day + 7, following), 0, -1, 0), days, next_days),
            arrayMap((day, following) -> (least(day + 30, following), 0, 0, -1), days, next_days)
        )) as change
    from active
)
select
     change.1 as day,
    sum(change.2) as dau,
    sum(change.3) as wau_change,
    sum(change.4) as mau_change
from changes
group by value, day
order by value, day
-- timezone: Asia/Shanghai
-- v2: level
-- v3: level
-- v4: ['gold']
-- v5: 1706716800000
-- v6: 1711900800000;

-- How many persons were active in each number of intervals.
with active as (
    -- Person → in how many intervals they were active, and in how many of those that are over. This one
-- statement is all that the frequencies need of the events.
select if(tuple(city) in {v7:Array(Tuple(String))}, tuple(city), tuple('$others')) as value, 0 as period, bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, bitCount(groupBitOr(bitShiftLeft(toUInt64(1), toUInt8((toInt32(toDate(ts, {timezone:String})) - {v8:Int64}) % 64)))) as active, bitCount(groupBitOr(bitShiftLeft(toUInt64(1), toUInt8((toInt32(toDate(ts, {timezone:String})) - {v8:Int64}) % 64)))) as finished
from events 
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v2:Identifier}) in {v4:Array(String)}))))
group by value, period, person

)
select value.1 as b0,  period, active, finished, count() as users
from active
group by value, period, active, finished
order by value, period, active, finished
-- timezone: Asia/Shanghai
-- v2: level
-- v3: level
-- v4: ['gold']
-- v5: 1709222400000
-- v6: 1711900800000
-- v7: [('c0',), ('c1',)]
-- v8: 19783
