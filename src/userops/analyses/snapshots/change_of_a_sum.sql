-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, sumKahanState(if(isFinite(amount), amount, null)) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, sumKahanMerge(part_0) as figure_part_0
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
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, countState() as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, countMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1703865600000
-- v5: 1706544000000;

-- The parts of a figure by each value of each property; row 0 is the whole.
with rows as (
    select tuple(city) as value, bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1)) as counts_A, if(isFinite(amount), amount, null) as number_A
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ((((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1)))
)
select cell.1 as dimension, cell.2 as held, sumKahanIf(number_A, counts_A) as sum_0
from (select *, arrayJoin(arrayConcat([(toUInt16(0), '')], arrayZip(arrayMap(n -> toUInt16(n), range(1, 2)), [toString(value.1)]))) as cell from rows)
group by dimension, held
order by dimension, held
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1703865600000
-- v5: 1706544000000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, sumKahanState(if(isFinite(amount), amount, null)) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, sumKahanMerge(part_0) as figure_part_0
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
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, countState() as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, countMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1706544000000
-- v5: 1709222400000;

-- The parts of a figure by each value of each property; row 0 is the whole.
with rows as (
    select tuple(city) as value, bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1)) as counts_A, if(isFinite(amount), amount, null) as number_A
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ((((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1)))
)
select cell.1 as dimension, cell.2 as held, sumKahanIf(number_A, counts_A) as sum_0
from (select *, arrayJoin(arrayConcat([(toUInt16(0), '')], arrayZip(arrayMap(n -> toUInt16(n), range(1, 2)), [toString(value.1)]))) as cell from rows)
group by dimension, held
order by dimension, held
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1706544000000
-- v5: 1709222400000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, sumKahanState(if(isFinite(amount), amount, null)) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, sumKahanMerge(part_0) as figure_part_0
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
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, countState() as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, countMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1709222400000
-- v5: 1711900800000;

-- The parts of a figure by each value of each property; row 0 is the whole.
with rows as (
    select tuple(city) as value, bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1)) as counts_A, if(isFinite(amount), amount, null) as number_A
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ((((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1)))
)
select cell.1 as dimension, cell.2 as held, sumKahanIf(number_A, counts_A) as sum_0
from (select *, arrayJoin(arrayConcat([(toUInt16(0), '')], arrayZip(arrayMap(n -> toUInt16(n), range(1, 2)), [toString(value.1)]))) as cell from rows)
group by dimension, held
order by dimension, held
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1709222400000
-- v5: 1711900800000;

-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, sumKahanState(if(isFinite(amount), amount, null)) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, sumKahanMerge(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1704384000000
-- v5: 1711900800000
