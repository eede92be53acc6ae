-- the newest 100,000 events are enough to see how a property is used
with sample as (
    select $text as text
    from events
    where product = {product:UInt32}
    order by ts desc
    limit 100000
)
select count() as sampled, countIf(text != '') as filled, topKIf(6)(text, text != '') as examples
from sample
