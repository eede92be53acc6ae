-- The values that most persons have at the end of a day; one more than asked tells that there are others.
select value.1 as b0
from (
    select
        bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person,
        argMax(tuple(city), (ts, tuple(city))) as value
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ((event in {v7:Array(String)}) and (bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v4:Identifier}) in {v6:Array(String)}))))
    group by person, toDate(ts, {timezone:String})
)
group by value
order by uniqExact(person) desc, value
limit {v8:Int64}
-- timezone: Asia/Shanghai
-- v2: -28800000
-- v3: 1711900800000
-- v4: level
-- v5: level
-- v6: ['gold']
-- v7: ['pay']
-- v8: 3;

-- On which days each person did the core action, and the place of their value among those told apart
-- (0: none of them). Of several values in a day the last one counts; of simultaneous ones the last in text.
select person, day, toUInt16(indexOf({v8:Array(Tuple(String))}, value)) as code
from (
    select
        bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person,
        toDate(ts, {timezone:String}) as day,
        argMax(tuple(city), (ts, tuple(city))) as value
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ((event in {v7:Array(String)}) and (bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v4:Identifier}) in {v6:Array(String)}))))
    group by person, day
)
-- timezone: Asia/Shanghai
-- v2: -28800000
-- v3: 1711900800000
-- v4: level
-- v5: level
-- v6: ['gold']
-- v7: ['pay']
-- v8: [('c0',), ('c1',)]
