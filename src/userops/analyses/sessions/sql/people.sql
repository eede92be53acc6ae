-- The persons of one number.
with found as (
    select arraySort(groupUniqArray(person)) as everyone
    from (
        select person, $group as value, $period as period, depth, until < $open as over,
            toUnixTimestamp64Milli(until) - toUnixTimestamp64Milli(ts) as length
        from ($sessions)
        where ts >= $begin and ts < $after
    )
    where $chosen
)
select length(everyone) as total, arraySlice(everyone, $offset + 1, $limit) as persons
from found
