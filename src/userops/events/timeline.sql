-- The events of one person, newest first, as far back as a page reaches. $columns are the standard properties.
-- A page begins after the first `shown` events of the millisecond `until`; events of one millisecond have a
-- stable order, which is costly to make, so `timeline_reach.sql` finds first how far back the page reaches.
select
    ts,
    event,
    $columns,
    toJSONString(props) as props
from events
prewhere product = {product:UInt32}
    and uid in {uids:Array(UInt32)}
    and ts <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
    and ts >= fromUnixTimestamp64Milli({reached:Int64}, 'UTC')
order by ts desc, event, uid, batch, page, session, props
limit {limit:UInt32} offset {shown:UInt32}
settings max_threads = 1
