with goals as (
    select row_number() over () as goal, person, ts
    from events
    where ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${end})
        and event = 'pay_success'
),
touches as (
    select person, ts, channel
    from events
    where ts >= make_timestamp_ms(${earliest}) and ts < make_timestamp_ms(${end})
        and event = 'app_open'
),
journeys as (
    select
        channel,
        row_number() over (partition by goal order by touches.ts, channel) as place,
        count(*) over (partition by goal) as length
    from goals
    join touches on touches.person = goals.person
        and touches.ts between goals.ts - interval 7 days and goals.ts
)
select
    channel,
    count(*) filter (place = 1) as first,
    count(*) filter (place = length) as last,
    sum(1.0::double / length) as linear
from journeys
group by channel
