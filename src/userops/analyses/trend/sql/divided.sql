-- The parts of a figure by each value of each property; row 0 is the whole.
with rows as (
    select $value as value, $columns
    from events $known
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
)
select cell.1 as dimension, cell.2 as held, $sums
from (select *, arrayJoin($cells) as cell from rows)
group by dimension, held
order by dimension, held
