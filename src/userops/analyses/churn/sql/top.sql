-- The values that most persons have at the end of a day; one more than asked tells that there are others.
select $columns
from (
    select
        $person as person,
        argMax($value, (ts, $value)) as value
    from events $known
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
    group by person, toDate(ts, {timezone:String})
)
group by value
order by uniqExact(person) desc, value
limit $limit
