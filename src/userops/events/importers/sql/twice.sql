-- Numbers that came in live while a run was moved, and stand in the run as well.
select id
from taken
where product = {product:UInt32} and batch = {batch:UInt64} and id in (
    select id
    from taken
    where product = {product:UInt32} and batch > {before:UInt64} and batch < {first:UInt64}
)
