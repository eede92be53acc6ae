-- The persons whose first or last time lies in a range.
select toString(groupBitmapState(person)) as persons
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, min(ts) as at
    from events
    where product = {product:UInt32} and ((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and 1
    group by person
    having at >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and at < fromUnixTimestamp64Milli({v5:Int64}, 'UTC')
)
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1709222400000
-- v5: 1711900800000
