-- The persons of one number.
with active as (
    $statement
),
found as (
    select arraySort(groupUniqArray(person)) as everyone
    from active
    where $chosen
)
select length(everyone) as total, arraySlice(everyone, $offset + 1, $limit) as persons
from found
