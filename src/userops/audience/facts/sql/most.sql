-- The value that each person's events carry most often; of equally frequent ones the last.
select person, argMax(value, (times, value)) as value
from (
    select $person as person, $text as value, count() as times
    from events
    where product = {product:UInt32} and ts < $after and $whose
    group by person, value
    having value != ''
)
group by person
