-- Which texts of some properties stand together on an event of the months of a span, and one number for them.
select distinct $number as number, $columns
from events
where product = {product:UInt32}
    and _partition_id >= toString(toYYYYMM($begin)) and _partition_id <= toString(toYYYYMM($until))
    and ($wanted)
limit $limit
