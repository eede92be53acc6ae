-- The persons whose figure passes a test.
select toString(groupBitmapState(person)) as persons
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, count() as figure
    from events
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ((event in {v3:Array(String)})) and 1
    group by person
    having not (figure = 0)
)
-- timezone: Asia/Shanghai
-- v2: 1.0
-- v3: ['pay']
-- v4: -28800000
-- v5: 1711987200000;

-- The persons who have a profile.
select toString(groupBitmapState(person)) as persons
from profiles final
where product = {product:UInt32} and not gone
-- timezone: Asia/Shanghai;

-- The persons who have an event.
select toString(groupBitmapState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))))) as persons
from events
where product = {product:UInt32}
-- timezone: Asia/Shanghai
