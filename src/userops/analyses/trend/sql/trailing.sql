-- Distinct persons in a trailing window of days, as the change of that number from day to day: a
-- person counts from each day of activity until the window ends or the next such day begins.
with active as (
    select
        $spread as value,
        $person as person,
        arraySort(groupUniqArray(toInt32(toDate(ts, {timezone:String})))) as days
    from events $known
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
    group by value, person
),
changes as (
    select
        value,
        arrayPushBack(arrayPopFront(days), 2147483647) as next_days,
        arrayJoin(arrayConcat(
            arrayMap(day -> (day, 1), days),
            arrayMap((day, following) -> (least(day + $window, following), -1), days, next_days)
        )) as change
    from active
)
select $columns change.1 as bucket, sum(change.2) as difference
from changes
group by value, bucket
order by bucket
