(
    select *
    from profiles final
    where product = {product:UInt32} and not gone
)
