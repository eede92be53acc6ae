-- By property and value: how many persons of each side carry it most often in the range; of equally
-- frequent ones the last in the order of text.
with times as (
    select person, cell.1 as place, cell.2 as value, count() as times
    from (
        select $person as person, arrayJoin(arrayFilter(cell -> cell.2 != '', $cells)) as cell
        from events
        where product = {product:UInt32} and ts >= $begin and ts < $after and ($anyone)
    )
    group by person, place, value
),
persons as (
    select person, place, argMax(value, (times, value)) as value
    from times
    group by person, place
)
select place, value, ($inside) as inside, count() as persons
from persons
group by place, value, inside
