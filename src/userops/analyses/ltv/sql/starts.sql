-- Each person's first start event of all time, when it falls in the range, with its cohort and the value
-- of the breakdown; of simultaneous events the last value in the order of text.
select person, at, $cohort as cohort, $value as value
from (
    select $person as person, min(ts) as at$columns
    from events
    where product = {product:UInt32} and ($start)
    group by person
    having at >= $begin and at < $after
) as started $known
