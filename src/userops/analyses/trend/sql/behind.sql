-- The persons behind one part of a figure, at one value of a property or at all.
with rows as (
    select $value as value, ts, $columns
    from events $known
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
),
found as (
    select person
    from rows
    group by person
    having $chosen
),
sorted as (
    select arraySort(groupArray(person)) as everyone
    from found
)
select length(everyone) as total, arraySlice(everyone, $offset + 1, $limit) as persons
from sorted
