-- What the persons of each cohort spent in each of their periods, and in which period they first paid.
with starts as (
$starts
),
per_person as (
    select
        person,
        any(starts.cohort) as cohort,
        any(starts.value) as value,
        sumMap([toUInt16($period)], [$amount]) as spent,
        minIf(toUInt16($period), $paid) as first_paid,
        countIf($paid) > 0 as payer
    from events
    inner join starts on $person = starts.person
    where product = {product:UInt32} and ts >= $begin and ts < $until and ($condition)
        and ts >= at and $period <= {last:Int64}
    group by starts.person as person
)
select
    toUInt32(toUInt16(cohort)) as day, $columns
    sumMap(spent.1, spent.2) as amounts,
    sumMap(if(payer, [first_paid], []), if(payer, [toUInt64(1)], [])) as payers
from per_person
group by cohort, value
