-- The parts of a figure by each value of each property, where every person stands at one value of each;
-- row 0 is the whole.
with rows as (
    select $value as value, ts, $columns
    from events $known
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
),
persons as (
    select person, $standing as standing, $parts
    from rows
    group by person
)
select cell.1 as dimension, cell.2 as held, $sums
from (select *, arrayJoin($cells) as cell from persons)
group by dimension, held
order by dimension, held
