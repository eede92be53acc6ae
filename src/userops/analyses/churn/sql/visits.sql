-- On which days each person did the core action, and the place of their value among those told apart
-- (0: none of them). Of several values in a day the last one counts; of simultaneous ones the last in text.
select person, day, toUInt16($code) as code
from (
    select
        $person as person,
        toDate(ts, {timezone:String}) as day,
        argMax($value, (ts, $value)) as value
    from events $known
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
    group by person, day
)
