-- The persons whose first or last time lies in a range.
select toString(groupBitmapState(person)) as persons
from (
    select $person as person, $figure as at
    from events
    where product = {product:UInt32} and ($condition) and $within
    group by person
    having at >= $begin and at < $after
)
