any left join (
    select person as known_person, * except person
    from ($known)
) as known on known_person = $person
