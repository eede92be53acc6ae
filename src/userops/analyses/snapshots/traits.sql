-- The persons behind one number of one series.
with found as (
    select arraySort(groupUniqArray(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))))) as everyone
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
        and (1)
)
select length(everyone) as total, arraySlice(everyone, {v6:Int64} + 1, {v7:Int64}) as persons
from found
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1709222400000
-- v5: 1711900800000
-- v6: 0
-- v7: 4294967296;

-- The persons with an event in the range.
select groupUniqArray(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as persons
from events
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC')
-- timezone: Asia/Shanghai
-- v2: 1709222400000
-- v3: 1711900800000
