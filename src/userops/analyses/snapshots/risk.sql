-- The events that most persons did, up to a day.
select event
from events
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v4:Identifier}) in {v6:Array(String)}))))
group by event
order by uniqExact(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) desc, event
limit {v7:Int64}
-- timezone: Asia/Shanghai
-- v2: 1709222400000
-- v3: 1709395200000
-- v4: level
-- v5: level
-- v6: ['gold']
-- v7: 20;

-- About how many persons there are, to see whether a sample is needed.
select toUInt64(uniq(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))))) as persons
from events
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v4:Identifier}) in {v6:Array(String)}))))
-- timezone: Asia/Shanghai
-- v2: 1709222400000
-- v3: 1711900800000
-- v4: level
-- v5: level
-- v6: ['gold'];

-- What each person did on each day: the place of the event's name among those told apart (0: another one),
-- how often, and how often it was the core action.
select
    bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person,
    toInt32(toDate(ts, {timezone:String})) as day,
    toUInt8(indexOf({v7:Array(String)}, event)) as code,
    toUInt32(count()) as times,
    toUInt32(countIf((event in {v11:Array(String)}) and (bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v8:Identifier}) in {v10:Array(String)}))))) as core
from events
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v4:Identifier}) in {v6:Array(String)}))))
    and cityHash64(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) % {v12:UInt32} = 0
group by person, day, code
order by person, day
-- timezone: Asia/Shanghai
-- v2: 1709222400000
-- v3: 1711900800000
-- v4: level
-- v5: level
-- v6: ['gold']
-- v7: ['crash']
-- v8: level
-- v9: level
-- v10: ['gold']
-- v11: ['pay']
-- v12: 1
