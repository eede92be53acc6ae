-- What the rows of a question are called, the most frequent names first.
select $sources as source, name, count() as events
from (
    select $source as source, $name as name
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $until and ($wanted)
)
group by $keys
order by events desc, source, name
limit $limit
