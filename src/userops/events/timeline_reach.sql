-- When the oldest of the newest `reach` events of one person in a span of time happened, in UTC milliseconds,
-- and how many there are.
select toUnixTimestamp64Milli(min(ts)) as reached, count() as events
from (
    select ts
    from events
    prewhere product = {product:UInt32}
        and uid in {uids:Array(UInt32)}
        and ts <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
        and ts >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
    order by ts desc
    limit {reach:UInt32}
)
settings max_threads = 1
