-- Persons to whom an event has happened since a moment. $person is the person behind a row.
select distinct $person as person
from events
where product = {product:UInt32}
    and event = {event:String}
    and ts >= fromUnixTimestamp64Milli({since:Int64})
order by person
