-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, uniqExactMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1703865600000
-- v5: 1706544000000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ((1) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, uniqExactMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 1703865600000
-- v3: 1706544000000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, uniqExactMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1703865600000
-- v5: 1706544000000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ((1) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, uniqExactMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 1703865600000
-- v3: 1706544000000;

-- The parts of a figure by each value of each property, where every person stands at one value of each:
-- that of the first or the last event, which is found first, so that few rows are read in full; row 0 is the
-- whole.
with rows as (
    select ts, bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, (((event in {v4:Array(String)}) and (ifNull(amount > {v3:Float64}, 0))) and (1)) as counts_A, ((1) and (1)) as counts_B
    from events
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((((event in {v4:Array(String)}) and (ifNull(amount > {v3:Float64}, 0))) and (1)) or ((1) and (1)))
),
persons as (
    select person, min(ts) as at, max(counts_A) as part_0, max(counts_B) as part_1
    from rows
    group by person
),
standing as (
    select person, [min(toString(value.1)), min(toString(value.2))] as standing
    from (
        select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, tuple(city, known_1) as value
        from events any left join (
    select person as known_person, * except person
    from (select person, toString(props.{v2:Identifier}) as known_1 from profiles final where product = {product:UInt32} and not gone)
) as known on known_person = bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))

        where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((((event in {v4:Array(String)}) and (ifNull(amount > {v3:Float64}, 0))) and (1)) or ((1) and (1)))
            and (bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))), ts) in (select person, at from persons)
    )
    group by person
)
select cell.1 as dimension, cell.2 as held, sum(part_0) as sum_0, sum(part_1) as sum_1
from (select *, arrayJoin(arrayConcat([(toUInt16(0), '')], arrayZip(arrayMap(n -> toUInt16(n), range(1, 3)), standing))) as cell from persons inner join standing using (person))
group by dimension, held
order by dimension, held
-- timezone: Asia/Shanghai
-- v2: level
-- v3: 10.0
-- v4: ['pay']
-- v5: 1703865600000
-- v6: 1706544000000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, uniqExactMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1706544000000
-- v5: 1709222400000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ((1) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, uniqExactMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 1706544000000
-- v3: 1709222400000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, uniqExactMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1706544000000
-- v5: 1709222400000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ((1) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, uniqExactMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 1706544000000
-- v3: 1709222400000;

-- The parts of a figure by each value of each property, where every person stands at one value of each:
-- that of the first or the last event, which is found first, so that few rows are read in full; row 0 is the
-- whole.
with rows as (
    select ts, bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, (((event in {v4:Array(String)}) and (ifNull(amount > {v3:Float64}, 0))) and (1)) as counts_A, ((1) and (1)) as counts_B
    from events
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((((event in {v4:Array(String)}) and (ifNull(amount > {v3:Float64}, 0))) and (1)) or ((1) and (1)))
),
persons as (
    select person, min(ts) as at, max(counts_A) as part_0, max(counts_B) as part_1
    from rows
    group by person
),
standing as (
    select person, [min(toString(value.1)), min(toString(value.2))] as standing
    from (
        select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, tuple(city, known_1) as value
        from events any left join (
    select person as known_person, * except person
    from (select person, toString(props.{v2:Identifier}) as known_1 from profiles final where product = {product:UInt32} and not gone)
) as known on known_person = bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))

        where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((((event in {v4:Array(String)}) and (ifNull(amount > {v3:Float64}, 0))) and (1)) or ((1) and (1)))
            and (bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))), ts) in (select person, at from persons)
    )
    group by person
)
select cell.1 as dimension, cell.2 as held, sum(part_0) as sum_0, sum(part_1) as sum_1
from (select *, arrayJoin(arrayConcat([(toUInt16(0), '')], arrayZip(arrayMap(n -> toUInt16(n), range(1, 3)), standing))) as cell from persons inner join standing using (person))
group by dimension, held
order by dimension, held
-- timezone: Asia/Shanghai
-- v2: level
-- v3: 10.0
-- v4: ['pay']
-- v5: 1706544000000
-- v6: 1709222400000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, uniqExactMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1709222400000
-- v5: 1711900800000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ((1) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, uniqExactMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 1709222400000
-- v3: 1711900800000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, uniqExactMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1709222400000
-- v5: 1711900800000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ((1) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, uniqExactMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 1709222400000
-- v3: 1711900800000;

-- The parts of a figure by each value of each property, where every person stands at one value of each:
-- that of the first or the last event, which is found first, so that few rows are read in full; row 0 is the
-- whole.
with rows as (
    select ts, bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, (((event in {v4:Array(String)}) and (ifNull(amount > {v3:Float64}, 0))) and (1)) as counts_A, ((1) and (1)) as counts_B
    from events
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((((event in {v4:Array(String)}) and (ifNull(amount > {v3:Float64}, 0))) and (1)) or ((1) and (1)))
),
persons as (
    select person, min(ts) as at, max(counts_A) as part_0, max(counts_B) as part_1
    from rows
    group by person
),
standing as (
    select person, [min(toString(value.1)), min(toString(value.2))] as standing
    from (
        select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, tuple(city, known_1) as value
        from events any left join (
    select person as known_person, * except person
    from (select person, toString(props.{v2:Identifier}) as known_1 from profiles final where product = {product:UInt32} and not gone)
) as known on known_person = bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))

        where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ((((event in {v4:Array(String)}) and (ifNull(amount > {v3:Float64}, 0))) and (1)) or ((1) and (1)))
            and (bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))), ts) in (select person, at from persons)
    )
    group by person
)
select cell.1 as dimension, cell.2 as held, sum(part_0) as sum_0, sum(part_1) as sum_1
from (select *, arrayJoin(arrayConcat([(toUInt16(0), '')], arrayZip(arrayMap(n -> toUInt16(n), range(1, 3)), standing))) as cell from persons inner join standing using (person))
group by dimension, held
order by dimension, held
-- timezone: Asia/Shanghai
-- v2: level
-- v3: 10.0
-- v4: ['pay']
-- v5: 1709222400000
-- v6: 1711900800000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, uniqExactMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1704384000000
-- v5: 1711900800000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v2:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ((1) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, uniqExactMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 1704384000000
-- v3: 1711900800000
