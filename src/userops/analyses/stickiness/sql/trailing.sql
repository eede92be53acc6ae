-- Distinct persons of each day, and of the 7 and 30 days up to it as the changes of their numbers: a
-- person counts from each active day until the window ends or the next active day begins.
with active as (
    select $value as value, $person as person, arraySort(groupUniqArray($day)) as days
    from $source
    where $where
    group by value, person
),
changes as (
    select
        value,
        arrayPushBack(arrayPopFront(days), 2147483647) as next_days,
        arrayJoin(arrayConcat(
            arrayMap(day -> (day, 1, 1, 1), days),
            arrayMap((day, following) -> (least(day + 7, following), 0, -1, 0), days, next_days),
            arrayMap((day, following) -> (least(day + 30, following), 0, 0, -1), days, next_days)
        )) as change
    from active
)
select
    $columns change.1 as day,
    sum(change.2) as dau,
    sum(change.3) as wau_change,
    sum(change.4) as mau_change
from changes
group by value, day
order by value, day
