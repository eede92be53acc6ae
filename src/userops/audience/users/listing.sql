-- Persons by when they were last seen, newest first. $person is the person behind a row.
select
    $person as person,
    max(ts) as last,
    count() as events,
    count() over () as persons
from events
where product = {product:UInt32}
group by person
order by last desc, person
limit {limit:UInt32} offset {offset:UInt32}
