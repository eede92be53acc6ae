-- What the rows of the months of a span are called, in any order.
select distinct multiIf((event in {v2:Array(String)}), 0, (event in {v3:Array(String)}), 1, 0) as source, multiIf((event in {v4:Array(String)}), event, (event in {v5:Array(String)}), channel, '') as name
from events
where product = {product:UInt32}
    and _partition_id >= toString(toYYYYMM(fromUnixTimestamp64Milli({v6:Int64}, 'UTC'))) and _partition_id <= toString(toYYYYMM(fromUnixTimestamp64Milli({v7:Int64}, 'UTC')))
    and ((event in {v8:Array(String)}))
limit 1001
-- timezone: Asia/Shanghai
-- v2: ['view']
-- v3: ['open']
-- v4: ['view']
-- v5: ['open']
-- v6: 1706630400000
-- v7: 1711900800000
-- v8: ['open', 'view'];

-- What the rows of the months of a span are called, in any order.
select distinct multiIf((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0)), 0, 0) as source, city as name
from events
where product = {product:UInt32}
    and _partition_id >= toString(toYYYYMM(fromUnixTimestamp64Milli({v4:Int64}, 'UTC'))) and _partition_id <= toString(toYYYYMM(fromUnixTimestamp64Milli({v5:Int64}, 'UTC')))
    and ((event in {v6:Array(String)}) and (((event in {v8:Array(String)}) and (ifNull(amount > {v7:Float64}, 0)))))
limit 1001
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1709222400000
-- v5: 1711900800000
-- v6: ['pay']
-- v7: 10.0
-- v8: ['pay'];

-- One number per event (who, when, what), so that sorting numbers puts events in order.
select
    bitShiftLeft(toUInt64(toUInt32(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) - {v15:UInt32})), 35)
        + bitShiftLeft(toUInt64(toUnixTimestamp64Milli(ts) - {v16:Int64}), 2)
        + bitShiftLeft(toUInt64(multiIf((event in {v2:Array(String)}), toUInt16(1), (event in {v3:Array(String)}), toUInt16(1), 0)), 1) + bitShiftLeft(toUInt64(((event in {v5:Array(String)}) and (ifNull(amount > {v4:Float64}, 0)))), 0) as key,
    ifNull(amount, 0) as value,
    multiIf((event in {v9:Array(String)}) and (ifNull(amount > {v8:Float64}, 0)), transform(city, {v6:Array(String)}, {v7:Array(UInt16)}, toUInt16(4)), 0) as group
from events
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v17:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v18:Int64}, 'UTC') and ((event in {v10:Array(String)}) and (((event in {v11:Array(String)})) or ((event in {v12:Array(String)})) or ((event in {v14:Array(String)}) and (ifNull(amount > {v13:Float64}, 0))))) and (1)
limit 16000001
-- timezone: Asia/Shanghai
-- v2: ['view']
-- v3: ['open']
-- v4: 10.0
-- v5: ['pay']
-- v6: ['c0', 'c1', 'c2']
-- v7: [1, 2, 3]
-- v8: 10.0
-- v9: ['pay']
-- v10: ['open', 'pay', 'view']
-- v11: ['view']
-- v12: ['open']
-- v13: 10.0
-- v14: ['pay']
-- v15: 0
-- v16: 1706630400000
-- v17: 1706630400000
-- v18: 1711900800000
