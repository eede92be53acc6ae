-- Of each person with a purchase in the range: days since the last one, how often, and for how much.
select
    bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person,
    toInt32({last:Int32} - toInt32(toDate(max(ts), {timezone:String}))) as recency,
    toUInt32(uniqExactIf(toString(props.{v3:Identifier}), toString(props.{v3:Identifier}) != '')) as frequency,
    ifNull(round(sumIf(amount, isFinite(amount)), 6), 0) as monetary
from events
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ((event in {v9:Array(String)}) and (bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v6:Identifier}) in {v8:Array(String)}))))
group by person
-- timezone: Asia/Shanghai
-- last: 19813
-- v3: order_id
-- v4: 1709222400000
-- v5: 1711900800000
-- v6: level
-- v7: level
-- v8: ['gold']
-- v9: ['pay'];

-- Of each person with a purchase in the range: days since the last one, how often, and for how much.
select
    bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person,
    toInt32({last:Int32} - toInt32(toDate(max(ts), {timezone:String}))) as recency,
    toUInt32(uniqExactIf(toString(props.{v3:Identifier}), toString(props.{v3:Identifier}) != '')) as frequency,
    ifNull(round(sumIf(amount, isFinite(amount)), 6), 0) as monetary
from events
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ((event in {v9:Array(String)}) and (bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v6:Identifier}) in {v8:Array(String)}))))
group by person
-- timezone: Asia/Shanghai
-- last: 19783
-- v3: order_id
-- v4: 1706630400000
-- v5: 1709308800000
-- v6: level
-- v7: level
-- v8: ['gold']
-- v9: ['pay']
