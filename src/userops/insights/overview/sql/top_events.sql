-- The most frequent events of a span of days, beside the span of equal length before it.
select
    event,
    countIf(ts >= $begin) as times,
    countIf(ts < $begin) as times_before,
    uniqExactIf($person, ts >= $begin) as users
from events
where product = {product:UInt32} and ts >= $before and ts < $after
group by event
having times > 0
order by times desc, event
limit $limit
