-- The events of one series by breakdown value and unit.
select city as b0, channel as b1, toInt32(toDate(ts, {timezone:String})) as bucket, count() as events
from events
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and (((event in {v3:Array(String)}) and (ifNull(amount > {v2:Float64}, 0))) and (1))
group by b0, b1, bucket
-- timezone: Asia/Shanghai
-- v2: 10.0
-- v3: ['pay']
-- v4: 1709222400000
-- v5: 1711900800000
