-- The words that were searched for without result: how often, and by how many of the group and of the others.
with found as (
    select $person as person, $word as word, ($inside) as inside, count() as often
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
        and ($search) and $results = 0
    group by person, word, inside
)
select word, sumIf(often, inside) as times, countIf(inside) as users, countIf(not inside) as others
from found
where word != ''
group by word
having users > 0
order by users desc, times desc, word
limit {most:UInt32}
