-- Of a user property that is a number, by side.
with persons as (
    select person, $number as value
    from profiles final
    where product = {product:UInt32} and not gone and isFinite($number) and ($anyone)
)
select ($inside) as inside, $figures
from persons
group by inside
