any left join (
    select person as known_person, $columns
    from profiles final
    where product = {product:UInt32} and not gone
) as known on known_person = $person
