-- When the newest event happened, and how many there are of the last day and in all.
select max(ts) as newest, countIf(ts > $since) as recent, count() as total
from events
where product = {product:UInt32} and ts <= $now
