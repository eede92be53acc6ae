left join (
    select distinct_id, argMax(person_id, version) as person_id
    from person_distinct_id_overrides
    where team_id = 1
    group by distinct_id
    having argMax(is_deleted, version) = 0
) as o on e.distinct_id = o.distinct_id
