-- The persons behind one number of one series.
with found as (
    select arraySort(groupUniqArray($person)) as everyone
    from events $known
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
        and ($chosen)
)
select length(everyone) as total, arraySlice(everyone, $offset + 1, $limit) as persons
from found
