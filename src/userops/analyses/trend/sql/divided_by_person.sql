-- The parts of a figure by each value of each property, where every person stands at one value of each:
-- that of the first or the last event, which is found first, so that few rows are read in full; row 0 is the
-- whole.
with rows as (
    select ts, $columns
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
),
persons as (
    select person, $edge(ts) as at, $parts
    from rows
    group by person
),
standing as (
    select person, $standing as standing
    from (
        select $person as person, $value as value
        from events $known
        where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
            and ($person, ts) in (select person, at from persons)
    )
    group by person
)
select cell.1 as dimension, cell.2 as held, $sums
from (select *, arrayJoin($cells) as cell from persons inner join standing using (person))
group by dimension, held
order by dimension, held
