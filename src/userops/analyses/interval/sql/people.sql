-- The persons of one number.
with found as (
    select arraySort(groupUniqArray(person)) as everyone
    from (select $group as value, $period as period, person, gap from ($pairs))
    where $chosen
)
select length(everyone) as total, arraySlice(everyone, $offset + 1, $limit) as persons
from found
