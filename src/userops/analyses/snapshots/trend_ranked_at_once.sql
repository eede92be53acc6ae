-- The aggregates of one series per breakdown value and unit, and per value over the whole range, where the
-- leading values are found in the same reading. `place` ranks a value by the figure over the range.
with cells as (
    select tuple(city) as value, toInt32(toDate(ts, {timezone:String})) as bucket, count() as events, countState() as part_0, uniqExactState(bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid)))) as part_1
    from events
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v7:Int64}, 'UTC') and (((event in {v5:Array(String)}) and (ifNull(amount > {v4:Float64}, 0))) and (1))
    group by value, bucket
),
scored as (
    select *, countMerge(part_0) over (partition by value) / uniqExactMerge(part_1) over (partition by value) as score, sum(events) over (partition by value) as rows
    from cells
),
ranked as (
    select *, dense_rank() over (order by score desc nulls last, rows desc, value) as place
    from scored
),
spread as (
    select arrayJoin(if(place > {v3:Int64}, [value, tuple('$rest')], [value])) as value, bucket, place, part_0, part_1
    from (select * replace(if(place > {v2:Int64}, tuple('$others'), value) as value) from ranked)
)
select value.1 as b0,  bucket, grouping(bucket) as whole, min(place) as best, max(place) as last, countMerge(part_0) as figure_part_0, uniqExactMerge(part_1) as figure_part_1
from spread
group by grouping sets ((value, bucket), (value))
-- timezone: Asia/Shanghai
-- v2: 2
-- v3: 2
-- v4: 10.0
-- v5: ['pay']
-- v6: 1709222400000
-- v7: 1711900800000
