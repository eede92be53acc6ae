-- Rows of the chunk in hand that the product has already.
select row
from $probe
where id in (
    select id from taken
    where product = {product:UInt32} and id in (select id from $probe)
)
