-- The persons whose figure passes a test.
select toString(groupBitmapState(person)) as persons
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, sum(if(isFinite(amount), amount, null)) as figure
    from events
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ((event in {v3:Array(String)})) and 1
    group by person
    having ifNull(figure >= {v2:Float64}, 0)
)
-- timezone: Asia/Shanghai
-- v2: 5.0
-- v3: ['pay']
-- v4: -28800000
-- v5: 1711987200000
