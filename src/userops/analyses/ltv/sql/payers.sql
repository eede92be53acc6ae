-- The persons of a cohort, or of all of them, who paid by the end of a period.
with starts as (
$starts
),
found as (
    select arraySort(groupUniqArray(starts.person)) as everyone
    from events
    inner join starts on $person = starts.person
    where product = {product:UInt32} and ts >= $begin and ts < $until and ($paid)
        and ts >= at and $period <= $number and ($chosen)
)
select length(everyone) as total, arraySlice(everyone, $offset + 1, $limit) as persons
from found
