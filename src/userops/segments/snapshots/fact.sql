-- The persons whom a condition on people chooses.
select toString(groupBitmapState(person)) as persons
from (select person from (select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, argMin(value, (uid != bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))), uid)) as value from facts where product = {product:UInt32} and name = {v3:String} and version = {v2:UInt64} group by person) where ifNull(toFloat64OrNull(value) >= {v4:Float64}, 0))
-- timezone: Asia/Shanghai
-- v2: VERSION
-- v3: $tag/vip
-- v4: 3.0;

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
