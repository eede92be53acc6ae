-- How many events of some users on each day of a year, in the product's time zone.
select
    toDate(ts, {timezone:String}) as day,
    count() as events
from events
where product = {product:UInt32}
    and uid in {uids:Array(UInt32)}
    and ts >= toDateTime64({first:String}, 3, {timezone:String})
    and ts < toDateTime64({end:String}, 3, {timezone:String})
group by day
order by day
