-- What a question needs to know about a product: see `ProductFacts`.
select
    id,
    timezone,
    exists (
        select 1 from events_merge where product_id = events_product.id and undone is null
    ) as merged,
    version,
    next_uid,
    currency
from events_product
where slug = %s
