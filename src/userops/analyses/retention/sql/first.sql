-- each person's first start event of all time, when it falls in the range
select
    $person as person,
    min(toUnixTimestamp64Milli(ts)) as at$columns
from events
where product = {product:UInt32} and ($start) and ($filters)
group by person
having at >= {begin:Int64} and at < {end:Int64}
order by person
