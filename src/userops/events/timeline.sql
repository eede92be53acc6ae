-- The events of one person, newest first. $columns are the standard properties. A page begins after the
-- first `shown` events of the millisecond `until`; events of one millisecond have a stable order.
select
    ts,
    event,
    $columns,
    toJSONString(props) as props
from events
prewhere product = {product:UInt32}
    and uid in {uids:Array(UInt32)}
    and ts <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
order by ts desc, event, uid, batch, props, page, session
limit {limit:UInt32} offset {shown:UInt32}
