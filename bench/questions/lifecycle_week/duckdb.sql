with active as (
    select distinct person, date_trunc('week', ts + interval 8 hours)::date as week
    from events
    where ts < make_timestamp_ms(${end})
),
beside as (
    select
        week,
        lag(week) over (partition by person order by week) as before,
        lead(week) over (partition by person order by week) as following
    from active
),
states as (
    select
        week,
        case when before is null then 'new' when before = week - 7 then 'returning' else 'resurrected' end
            as state
    from beside
    union all
    select week + 7, 'dormant' from beside where following is null or following != week + 7
)
select week, state, count(*) as users
from states
where week between date '${first}' and date '${last}'
group by week, state
