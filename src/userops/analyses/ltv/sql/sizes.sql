-- How many persons are in each cohort, by value of the breakdown.
with starts as (
$starts
)
select toUInt32(toUInt16(cohort)) as day, $columns toUInt64(count()) as size
from starts
group by cohort, value
