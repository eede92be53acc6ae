-- How many people a product has: with an event, or with a profile.
select uniqExact(person) as people
from (
    select distinct $person as person from events where product = {product:UInt32}
    union all
    select person from profiles final where product = {product:UInt32} and not gone
)
