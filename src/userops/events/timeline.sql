-- The events of one person, newest first. $columns are the standard properties, $window bounds the page.
select
    ts,
    event,
    uuid,
    $columns,
    toJSONString(props) as props
from events
where product = {product:UInt32}
    and uid in {uids:Array(UInt32)}
    and $window
order by ts desc, uuid desc
limit {limit:UInt32}
