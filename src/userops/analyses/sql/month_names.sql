-- What the rows of the months of a span are called, in any order.
select distinct $source as source, $name as name
from events
where product = {product:UInt32}
    and _partition_id >= toString(toYYYYMM($begin)) and _partition_id <= toString(toYYYYMM($until))
    and ($wanted)
limit $limit
