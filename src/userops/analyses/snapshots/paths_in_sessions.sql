-- What the rows of the months of a span are called, in any order.
select distinct multiIf((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0)), 0, (event in {v4:Array(String)}), 1, 0) as source, multiIf((event in {v6:Array(String)}) and (ifNull(amount > {v5:Float64}, 0)), city, (event in {v7:Array(String)}), event, '') as name
from events
where product = {product:UInt32}
    and _partition_id >= toString(toYYYYMM(fromUnixTimestamp64Milli({v8:Int64}, 'UTC'))) and _partition_id <= toString(toYYYYMM(fromUnixTimestamp64Milli({v9:Int64}, 'UTC')))
    and ((event in {v10:Array(String)}) and (((event in {v12:Array(String)}) and (ifNull(amount > {v11:Float64}, 0))) or ((event in {v13:Array(String)}))))
limit 1001
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: ['view']
-- v5: 10.0
-- v6: ['pay']
-- v7: ['view']
-- v8: 1709222400000
-- v9: 1711900800000
-- v10: ['pay', 'view']
-- v11: 10.0
-- v12: ['pay']
-- v13: ['view'];

-- One row where any event carries a session id.
select 1 as carried
from events
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and session != ''
limit 1
-- timezone: Asia/Shanghai
-- v2: 1709222400000
-- v3: 1711900800000;

-- One number per event (who, when, what), so that sorting numbers puts events in order.
select
    bitShiftLeft(toUInt64(toUInt32(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) - {v11:UInt32})), 35)
        + bitShiftLeft(toUInt64(toUnixTimestamp64Milli(ts) - {v12:Int64}), 3)
        + multiIf((event in {v5:Array(String)}) and (ifNull(amount > {v4:Float64}, 0)), transform(city, {v2:Array(String)}, {v3:Array(UInt16)}, toUInt16(4)), (event in {v6:Array(String)}), toUInt16(4), 0) as key
from events
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v13:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v14:Int64}, 'UTC') and (1) and (1)
limit 64000001
-- timezone: Asia/Shanghai
-- v2: ['c0', 'c1', 'c2']
-- v3: [1, 2, 3]
-- v4: 10.0
-- v5: ['pay']
-- v6: ['view']
-- v7: ['pay', 'view']
-- v8: 10.0
-- v9: ['pay']
-- v10: ['view']
-- v11: 0
-- v12: 1709222400000
-- v13: 1709222400000
-- v14: 1711900800000
