-- By property and value: how many persons of each side have it.
select cell.1 as place, cell.2 as value, ($inside) as inside, count() as persons
from (
    select person, arrayJoin(arrayFilter(cell -> cell.2 != '', $cells)) as cell
    from profiles final
    where product = {product:UInt32} and not gone and ($anyone)
)
group by place, value, inside
