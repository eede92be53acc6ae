-- The events of one person, newest first. $columns are the standard properties. A page begins after the
-- first `shown` events of the millisecond `until`; events of one millisecond have a stable order, which is
-- costly to make, so first it is found how far back the page reaches.
with reached as (
    select ts
    from events
    prewhere product = {product:UInt32}
        and uid in {uids:Array(UInt32)}
        and ts <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
    order by ts desc
    limit {reach:UInt32}
)
select
    ts,
    event,
    $columns,
    toJSONString(props) as props
from events
prewhere product = {product:UInt32}
    and uid in {uids:Array(UInt32)}
    and ts <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
    and ts >= (select min(ts) from reached)
order by ts desc, event, uid, batch, page, session, props
limit {limit:UInt32} offset {shown:UInt32}
