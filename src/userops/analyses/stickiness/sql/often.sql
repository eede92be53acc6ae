-- The intervals in which a person did it often enough.
select
    $value as value,
    $period as period,
    $person as person,
    $place as place,
    max(ts) as last
from $source
where $where
group by value, period, person, place
having count() >= $times
