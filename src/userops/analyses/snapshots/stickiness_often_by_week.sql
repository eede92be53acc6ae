-- How many persons were active in each number of intervals.
with active as (
    -- Person → in how many intervals they were active, and in how many of those that are over. This one
-- statement is all that the frequencies need of the events.
select value as value, period as period, person as person, bitCount(groupBitOr(bitShiftLeft(toUInt64(1), toUInt8((place) % 64)))) as active, bitCount(groupBitOr(bitShiftLeft(toUInt64(1), toUInt8((place) % 64)))) as finished
from (-- The intervals in which a person did it often enough.
select
    tuple() as value,
    intDiv(toInt32(toMonday(ts, {timezone:String})) - {v6:Int64}, 7) as period,
    bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person,
    toInt32(toDate(ts, {timezone:String})) - {v5:Int64} as place,
    max(ts) as last
from events 
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ((event in {v2:Array(String)}))
group by value, period, person, place
having count() >= {v7:Int64}
)
where 1
group by value, period, person

)
select  period, active, finished, count() as users
from active
group by value, period, active, finished
order by value, period, active, finished
-- timezone: Asia/Shanghai
-- v2: ['pay']
-- v3: 1709222400000
-- v4: 1711900800000
-- v5: 19783
-- v6: 19779
-- v7: 2;

-- Distinct persons of each day, and of the 7 and 30 days up to it as the changes of their numbers: a
-- person counts from each active day until the window ends or the next active day begins.
with active as (
    select value as value, person as person, arraySort(groupUniqArray(place)) as days
    from (-- The intervals in which a person did it often enough.
select
    tuple() as value,
    0 as period,
    bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person,
    toInt32(toDate(ts, {timezone:String})) as place,
    max(ts) as last
from events 
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ((event in {v2:Array(String)}))
group by value, period, person, place
having count() >= {v5:Int64}
)
    where 1
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
-- v2: ['pay']
-- v3: 1706716800000
-- v4: 1711900800000
-- v5: 2
