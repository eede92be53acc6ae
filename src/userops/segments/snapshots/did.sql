-- The persons whose figure passes a test.
select toString(groupBitmapState(person)) as persons
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, count() as figure
    from events
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((event in {v4:Array(String)}) and (ifNull(amount > {v3:Float64}, 0))) and 1
    group by person
    having ifNull(figure >= {v2:Float64}, 0)
)
-- timezone: Asia/Shanghai
-- v2: 2.0
-- v3: 10.0
-- v4: ['pay']
-- v5: 1709222400000
-- v6: 1711900800000
