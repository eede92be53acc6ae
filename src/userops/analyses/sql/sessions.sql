-- One row where any event carries a session id.
select 1 as carried
from events
where product = {product:UInt32} and ts >= $begin and ts < $until and session != ''
limit 1
