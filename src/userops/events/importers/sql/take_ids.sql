-- The numbers of a run's rows that the product does not have, of one slice of all numbers.
insert into taken (product, id, batch)
select {product:UInt32}, id, {batch:UInt64}
from import_keys
where run = {run:UInt64}
    and (copy = 1 or not (given or {dedupe:Bool}))
    and id between {low:UInt64} and {high:UInt64}
    and id not in (
        select id from taken
        where product = {product:UInt32} and id between {low:UInt64} and {high:UInt64}
    )
