-- The persons whose figure passes a test.
select toString(groupBitmapState(person)) as persons
from (
    select $person as person, $figure as figure
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition) and $within
    group by person
    having $test
)
