select (ts + interval 8 hours)::date as day, count(distinct person) as users
from events
where ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${end})
group by day
