-- The breakdown values with the largest figures of the first series; one more than asked tells that
-- there are others.
with found as (
    select $value as value, count() as events, $score as score
    from events $known
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
    group by value
)
select $columns
from found
order by score desc nulls last, events desc, value
limit $limit
