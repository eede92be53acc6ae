-- Where the persons' figures are cut into equal parts.
with persons as (
    -- Each person's figure, by group and period.
select tuple() as value, 0 as period, bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, toFloat64(bitCount(groupBitOr(bitShiftLeft(toUInt64(1), toUInt8((toInt32(toDate(ts, {timezone:String})) - {v2:Int64}) % 64))))) as figure
from events 
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v7:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v3:Identifier}) in {v5:Array(String)}))))
group by person
having isNotNull(figure)

)
select min(figure) as least, quantilesExactInclusiveOrNull(0.25, 0.5, 0.75)(figure) as cuts
from persons
-- timezone: Asia/Shanghai
-- v2: 19783
-- v3: level
-- v4: level
-- v5: ['gold']
-- v6: 1709222400000
-- v7: 1711900800000;

-- How many persons fall into each bucket, and how their figures lie.
with persons as (
    -- Each person's figure, by group and period.
select tuple() as value, 0 as period, bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, toFloat64(bitCount(groupBitOr(bitShiftLeft(toUInt64(1), toUInt8((toInt32(toDate(ts, {timezone:String})) - {v2:Int64}) % 64))))) as figure
from events 
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v7:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v3:Identifier}) in {v5:Array(String)}))))
group by person
having isNotNull(figure)

)
select
     period,
    count() as users,
    sumKahan(figure) as total,
    min(figure) as least,
    max(figure) as most,
    quantileExactInclusive(0.5)(figure) as median,
    countResample(0, 1, 1)(arrayCount(cut -> figure >= cut, {v8:Array(Float64)})) as counts
from persons
group by value, period
-- timezone: Asia/Shanghai
-- v2: 19783
-- v3: level
-- v4: level
-- v5: ['gold']
-- v6: 1709222400000
-- v7: 1711900800000
-- v8: [];

-- How many persons fall into each bucket, and how their figures lie.
with persons as (
    -- Each person's figure, by group and period.
select tuple() as value, intDiv(toInt32(toMonday(ts, {timezone:String})) - {v2:Int64}, 7) as period, bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, toFloat64(bitCount(groupBitOr(bitShiftLeft(toUInt64(1), toUInt8((toInt32(toDate(ts, {timezone:String})) - {v3:Int64}) % 64))))) as figure
from events 
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v7:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v8:Int64}, 'UTC') and ((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v4:Identifier}) in {v6:Array(String)}))))
group by value, period, person
having isNotNull(figure)

)
select
     period,
    count() as users,
    sumKahan(figure) as total,
    min(figure) as least,
    max(figure) as most,
    quantileExactInclusive(0.5)(figure) as median,
    countResample(0, 1, 1)(arrayCount(cut -> figure >= cut, {v9:Array(Float64)})) as counts
from persons
group by value, period
-- timezone: Asia/Shanghai
-- v2: 19779
-- v3: 19783
-- v4: level
-- v5: level
-- v6: ['gold']
-- v7: 1709222400000
-- v8: 1711900800000
-- v9: []
