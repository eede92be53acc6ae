-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, toInt32(toDate(ts, {timezone:String})) as bucket, countState() as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and (((event in {v2:Array(String)})) and (1))
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
-- v2: ['pay']
-- v3: 1709222400000
-- v4: 1711900800000
