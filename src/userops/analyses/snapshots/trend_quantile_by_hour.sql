-- The aggregates of one series per breakdown value and unit, and per value over the whole range.
with cells as (
    select tuple() as value, intDiv(toUnixTimestamp64Milli(ts) - {v2:Int64}, 3600000) as bucket, quantileExactInclusiveState(0.9)(if(isFinite(toFloat64OrNull(toString(props.{v3:Identifier}))), toFloat64OrNull(toString(props.{v3:Identifier})), null)) as part_0
    from events 
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and (((event in {v4:Array(String)})) and (1))
    group by value, bucket
),
spread as (
    select value as value, bucket, part_0
    from cells
)
select  bucket, grouping(bucket) as whole, quantileExactInclusiveMerge(0.9)(part_0) as figure_part_0
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 1709222400000
-- v3: score
-- v4: ['pay']
-- v5: 1709222400000
-- v6: 1711900800000
