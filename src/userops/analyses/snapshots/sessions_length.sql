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
    bitShiftLeft(toUInt64(toUInt32(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) - {v2:UInt32})), 32)
        + bitShiftLeft(toUInt64(toUnixTimestamp64Milli(ts) - {v3:Int64}), 0)
        + 0 as key
from events
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (1) and (1)
limit 64000001
-- timezone: Asia/Shanghai
-- v2: 0
-- v3: 1709136000000
-- v4: 1709136000000
-- v5: 1711987200000
