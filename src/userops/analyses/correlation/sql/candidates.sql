$per_person
select
    over,
    reached,
    candidate.1 as what,
    candidate.2 as times,
    candidate.3 as is_days,
    toUInt64(count()) as users
from per_person
array join arrayConcat(
    [('', toUInt32(active_days), 1)],
    arrayMap(each -> (each.1, toUInt32(each.2), 0), done)
) as candidate
group by over, reached, what, times, is_days
order by what, times, is_days, over, reached
