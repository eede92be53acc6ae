-- What the rows of the months of a span are called, in any order.
select distinct 0 as source, event as name
from events
where product = {product:UInt32}
    and _partition_id >= toString(toYYYYMM(fromUnixTimestamp64Milli({v4:Int64}, 'UTC'))) and _partition_id <= toString(toYYYYMM(fromUnixTimestamp64Milli({v5:Int64}, 'UTC')))
    and (((1) or ((event in {v7:Array(String)}) and (ifNull(amount > {v6:Float64}, 0)))) and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v8:Identifier}) in {v10:Array(String)})))))
limit 1001
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1709222400000
-- v5: 1711987200000
-- v6: 10.0
-- v7: ['pay']
-- v8: level
-- v9: level
-- v10: ['gold'];

-- One number per event (who, when, what), so that sorting numbers puts events in order.
select
    bitShiftLeft(toUInt64(toUInt32(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) - {v16:UInt32})), 35)
        + bitShiftLeft(toUInt64(toUnixTimestamp64Milli(ts) - {v17:Int64}), 3)
        + bitShiftLeft(toUInt64(transform(event, {v5:Array(String)}, {v6:Array(UInt16)}, toUInt16(2))), 1) + bitShiftLeft(toUInt64(((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v2:Identifier}) in {v4:Array(String)})))) and ((event in {v10:Array(String)}) and (ifNull(amount > {v9:Float64}, 0)))), 0) as key
from events
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v18:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v19:Int64}, 'UTC') and (((1) or ((event in {v12:Array(String)}) and (ifNull(amount > {v11:Float64}, 0)))) and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v13:Identifier}) in {v15:Array(String)}))))) and (1)
limit 64000001
-- timezone: Asia/Shanghai
-- v2: level
-- v3: level
-- v4: ['gold']
-- v5: ['pay']
-- v6: [1]
-- v7: 10.0
-- v8: ['pay']
-- v9: 10.0
-- v10: ['pay']
-- v11: 10.0
-- v12: ['pay']
-- v13: level
-- v14: level
-- v15: ['gold']
-- v16: 0
-- v17: 1709222400000
-- v18: 1709222400000
-- v19: 1711987200000
