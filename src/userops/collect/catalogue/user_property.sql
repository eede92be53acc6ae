select count() as sampled, countIf(text != '') as filled, topKIf(6)(text, text != '') as examples
from (
    select $text as text
    from profiles final
    where product = {product:UInt32} and not gone
)
