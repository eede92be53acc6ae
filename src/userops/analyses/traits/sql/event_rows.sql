(
    select *
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after
)
