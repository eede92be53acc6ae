-- The persons whom a condition on people chooses.
select toString(groupBitmapState(person)) as persons
from (select person from profiles final where product = {product:UInt32} and not gone and (not (toString(props.{v2:Identifier}) not in {v4:Array(String)})))
-- timezone: Asia/Shanghai
-- v2: level
-- v3: level
-- v4: ['gold'];

-- The persons who have a profile.
select toString(groupBitmapState(person)) as persons
from profiles final
where product = {product:UInt32} and not gone
-- timezone: Asia/Shanghai;

-- The persons who have an event.
select toString(groupBitmapState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))))) as persons
from events
where product = {product:UInt32}
-- timezone: Asia/Shanghai;

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
