-- The texts of some properties on the events of the months of a span, a few too many where there are many.
select groupUniqArray(4096)(toString(city)) as t0
from events
where product = {product:UInt32}
    and _partition_id >= toString(toYYYYMM(fromUnixTimestamp64Milli({v2:Int64}, 'UTC'))) and _partition_id <= toString(toYYYYMM(fromUnixTimestamp64Milli({v3:Int64}, 'UTC')))
    and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v4:Identifier}) in {v6:Array(String)}))))
-- timezone: Asia/Shanghai
-- v2: 1709136000000
-- v3: 1711987200000
-- v4: level
-- v5: level
-- v6: ['gold'];

-- One row where any event carries a session id.
select 1 as carried
from events
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and session != ''
limit 1
-- timezone: Asia/Shanghai
-- v2: 1709136000000
-- v3: 1711987200000;

-- One number per event (who, when, what), so that sorting numbers puts events in order.
select
    bitShiftLeft(toUInt64(toUInt32(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) - {v7:UInt32})), 34)
        + bitShiftLeft(toUInt64(toUnixTimestamp64Milli(ts) - {v8:Int64}), 2)
        + (0) * 4 + transform(city, {v2:Array(String)}, {v3:Array(UInt16)}, toUInt16(3)) as key
from events
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v9:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v10:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v4:Identifier}) in {v6:Array(String)})))) and (1)
limit 64000001
-- timezone: Asia/Shanghai
-- v2: ['c0', 'c1', 'c2']
-- v3: [0, 1, 2]
-- v4: level
-- v5: level
-- v6: ['gold']
-- v7: 0
-- v8: 1709136000000
-- v9: 1709136000000
-- v10: 1711987200000
