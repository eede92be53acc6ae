-- Distinct persons in a trailing window of days, as the change of that number from day to day: a
-- person counts from each day of activity until the window ends or the next such day begins.
with active as (
    select
        tuple() as value,
        bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person,
        arraySort(groupUniqArray(toInt32(toDate(ts, {timezone:String})))) as days
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ((1) and (1))
    group by value, person
),
changes as (
    select
        value,
        arrayPushBack(arrayPopFront(days), 2147483647) as next_days,
        arrayJoin(arrayConcat(
            arrayMap(day -> (day, 1), days),
            arrayMap((day, following) -> (least(day + {v2:Int64}, following), -1), days, next_days)
        )) as change
    from active
)
select  change.1 as bucket, sum(change.2) as difference
from changes
group by value, bucket
order by bucket
-- timezone: Asia/Shanghai
-- v2: 7
-- v3: 1708704000000
-- v4: 1711900800000
