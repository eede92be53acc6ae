-- How many persons were active in each number of intervals.
with active as (
    $statement
)
select $columns period, active, finished, count() as users
from active
group by value, period, active, finished
order by value, period, active, finished
