-- each person's first event of that name, filters or not, when it passes the filters and is in the range
select
    $person as person,
    min(toUnixTimestamp64Milli(ts)) as first_of_name,
    minIf(toUnixTimestamp64Milli(ts), ($start) and ($filters)) as at$columns
from events
where product = {product:UInt32} and ($named)
group by person
having countIf(($start) and ($filters)) > 0 and at = first_of_name
    and at >= {begin:Int64} and at < {end:Int64}
order by person
