-- How many persons are active in each unit, for how many of them it is the first, and how many were
-- active in the unit before: those whose units are one step apart.
with persons as (
    select
        min(toUInt16(intDiv(toInt32(toDate(ts, {timezone:String})) + 3, 7))) as first,
        arraySort(groupUniqArrayIf(toUInt16(intDiv(toInt32(toDate(ts, {timezone:String})) + 3, 7)), ((event in {v2:Array(String)})) and ts >= fromUnixTimestamp64Milli({v3:Int64}, 'UTC'))) as units
    from events
    where product = {product:UInt32} and ts < fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and (1)
    group by bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))
)
select
    unit,
    count() as active,
    countIf(unit = first) as new,
    countIf(step = 1) as returning
from persons
array join units as unit, arrayDifference(units) as step
group by unit
-- timezone: Asia/Shanghai
-- v2: ['pay']
-- v3: 1708272000000
-- v4: 1711900800000
