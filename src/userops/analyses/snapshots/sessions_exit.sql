-- The texts of some properties on the events of the months of a span, a few too many where there are many.
select groupUniqArray(4096)(toString(page)) as t0
from events
where product = {product:UInt32}
    and _partition_id >= toString(toYYYYMM(fromUnixTimestamp64Milli({v2:Int64}, 'UTC'))) and _partition_id <= toString(toYYYYMM(fromUnixTimestamp64Milli({v3:Int64}, 'UTC')))
    and ((event in {v4:Array(String)}))
-- timezone: Asia/Shanghai
-- v2: 1709136000000
-- v3: 1711987200000
-- v4: ['pay'];

-- One number per event (who, when, what), so that sorting numbers puts events in order.
select
    bitShiftLeft(toUInt64(toUInt32(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) - {v5:UInt32})), 33)
        + bitShiftLeft(toUInt64(toUnixTimestamp64Milli(ts) - {v6:Int64}), 1)
        + (0) * 2 + transform(page, {v2:Array(String)}, {v3:Array(UInt16)}, toUInt16(1)) as key
from events
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v7:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v8:Int64}, 'UTC') and ((event in {v4:Array(String)})) and (1)
limit 64000001
-- timezone: Asia/Shanghai
-- v2: ['']
-- v3: [0]
-- v4: ['pay']
-- v5: 0
-- v6: 1709136000000
-- v7: 1709136000000
-- v8: 1711987200000
