-- The breakdown values with the largest figures of the first series; one more than asked tells that
-- there are others.
with found as (
    select tuple(city, known_1) as value, count() as events, uniqExactIf(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))), ((event in {v6:Array(String)}) and (ifNull(amount > {v5:Float64}, 0))) and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v2:Identifier}) in {v4:Array(String)}))))) as score
    from events any left join (
    select person as known_person, * except person
    from (select person, toString(props.{v7:Identifier}) as known_1 from profiles final where product = {product:UInt32} and not gone)
) as known on known_person = bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))

    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v8:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v9:Int64}, 'UTC') and ((((event in {v6:Array(String)}) and (ifNull(amount > {v5:Float64}, 0))) and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v2:Identifier}) in {v4:Array(String)}))))))
    group by value
)
select value.1 as b0, value.2 as b1
from found
order by score desc nulls last, events desc, value
limit {v10:Int64}
-- timezone: Asia/Shanghai
-- v2: level
-- v3: level
-- v4: ['gold']
-- v5: 10.0
-- v6: ['pay']
-- v7: level
-- v8: 1709222400000
-- v9: 1711900800000
-- v10: 3;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select if(tuple(city, known_1) in {v3:Array(Tuple(String, String))}, tuple(city, known_1), tuple('$others', '$others')) as value, toInt32(toMonday(ts, {timezone:String})) as bucket, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_0
    from events any left join (
    select person as known_person, * except person
    from (select person, toString(props.{v2:Identifier}) as known_1 from profiles final where product = {product:UInt32} and not gone)
) as known on known_person = bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))

    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v10:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v11:Int64}, 'UTC') and (((event in {v9:Array(String)}) and (ifNull(amount > {v8:Float64}, 0))) and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v5:Identifier}) in {v7:Array(String)})))))
    group by value, bucket
),
spread as (
    select arrayJoin(if(value in {v4:Array(Tuple(String, String))}, [value], [value, tuple('$rest', '$rest')])) as value, bucket, part_0
    from cells
)
select value.1 as b0, value.2 as b1,  bucket, grouping(bucket) as whole, uniqExactMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: level
-- v3: [('c0', 'gold'), ('c1', 'gold')]
-- v4: [('c0', 'gold'), ('c1', 'gold')]
-- v5: level
-- v6: level
-- v7: ['gold']
-- v8: 10.0
-- v9: ['pay']
-- v10: 1709222400000
-- v11: 1711900800000
