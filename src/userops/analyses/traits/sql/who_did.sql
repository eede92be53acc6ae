-- The persons of one side that have a trait.
with found as (
    select arraySort(groupArray(person)) as everyone
    from ($having)
    where $inside
)
select length(everyone) as total, arraySlice(everyone, $offset + 1, $limit) as persons
from found
