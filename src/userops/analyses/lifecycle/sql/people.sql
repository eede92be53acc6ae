-- The persons in one state in one unit.
with persons as (
    select
        $person as person,
        min($number) as first,
        countIf(($active) and $number = $unit) > 0 as now,
        countIf(($active) and $number = $unit - 1) > 0 as before
    from events
    where product = {product:UInt32} and ts < $after and ($condition)
    group by person
),
found as (
    select arraySort(groupArray(person)) as everyone
    from persons
    where $state
)
select length(everyone) as total, arraySlice(everyone, $offset + 1, $limit) as persons
from found
