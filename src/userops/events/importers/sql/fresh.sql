    -- those of them that the product does not have yet
    known as (
        select id
        from taken
        where product = {product:UInt32} and id in (select id from identified)
    ),
    fresh as (
        select * from identified where id not in (select id from known)
    )
