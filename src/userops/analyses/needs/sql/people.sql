with found as (
    select arraySort(groupUniqArray(person)) as everyone
    from ($having)
)
select length(everyone) as total, arraySlice(everyone, $offset + 1, $limit) as persons
from found
