-- The values of a property, those of most persons first.
select value
from (
    select $value as value, uniqExact($person) as persons
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
    group by value
)
where value != ''
order by persons desc, value
limit {most:UInt32}
