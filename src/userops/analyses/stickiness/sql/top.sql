-- The breakdown values with the most persons; one more than asked tells that there are others.
select $columns
from (
    select $value as value, uniqExact($person) as users
    from $source
    where $where
    group by value
)
order by users desc, value
limit $limit
