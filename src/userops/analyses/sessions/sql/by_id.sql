-- Sessions that carry an id, one for each person and id.
select person, first as ts, until, depth, value
from (
    select $person as person, min(ts) as first, max(ts) as until, count() as depth, $told as value
    from events $known
    where product = {product:UInt32} and ts >= $from and ts < $to and ($condition) and session != ''
    group by person, session
)
