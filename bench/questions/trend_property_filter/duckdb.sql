select channel, (ts + interval 8 hours)::date as day, count(*) as events
from events
where ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${end})
    and event = 'product_view'
    and province = '${province}'
group by channel, day
