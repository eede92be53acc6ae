-- The texts of some properties on the events of the months of a span, a few too many where there are many.
select $columns
from events
where product = {product:UInt32}
    and _partition_id >= toString(toYYYYMM($begin)) and _partition_id <= toString(toYYYYMM($until))
    and ($wanted)
