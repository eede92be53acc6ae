-- On which days each customer bought, and for how much; days since 1970.
select
    bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person,
    toInt32(toDate(ts, {timezone:String})) as day,
    ifNull(round(sumIf(amount, isFinite(amount)), 6), 0) as money
from events
where product = {product:UInt32} and ts < fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ((event in {v7:Array(String)}) and (ifNull(amount > {v3:Float64}, 0)) and (bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v4:Identifier}) in {v6:Array(String)}))))
group by person, day
-- timezone: Asia/Shanghai
-- v2: 1711900800000
-- v3: 10.0
-- v4: level
-- v5: level
-- v6: ['gold']
-- v7: ['pay']
