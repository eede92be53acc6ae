with active as (
    select distinct person, (ts + interval 8 hours)::date as day
    from events
    where ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${end})
)
select days, count(*) as users
from (select person, count(*) as days from active group by person)
group by days
