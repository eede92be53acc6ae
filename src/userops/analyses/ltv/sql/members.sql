-- The persons of a cohort, or of all of them.
with starts as (
$starts
),
found as (
    select arraySort(groupArray(person)) as everyone
    from starts
    where $chosen
)
select length(everyone) as total, arraySlice(everyone, $offset + 1, $limit) as persons
from found
