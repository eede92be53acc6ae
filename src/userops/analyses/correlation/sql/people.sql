$per_person,
found as (
    select arraySort(groupArray(person)) as everyone
    from per_person
    where over and ($chosen)
)
select length(everyone) as total, arraySlice(everyone, $offset + 1, $limit) as persons
from found
