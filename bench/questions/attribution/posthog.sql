-- sorted arrays of each actor: for each goal the touches within the look-back
with seen as (
    select
        ${person} as actor,
        toUnixTimestamp64Milli(timestamp) as at,
        event,
        if(event = 'app_open', JSONExtractString(properties, 'channel'), '') as channel
    from events as e ${overrides}
    where team_id = 1
        and timestamp >= fromUnixTimestamp64Milli(${earliest}) and timestamp < fromUnixTimestamp64Milli(${end})
        and event in ('app_open', 'pay_success')
        and (event = 'app_open' or timestamp >= fromUnixTimestamp64Milli(${begin}))
),
actors as (
    select
        arraySort(groupArrayIf((at, channel), event = 'app_open')) as touches,
        groupArrayIf(at, event = 'pay_success') as goals
    from seen
    group by actor
    having notEmpty(goals) and notEmpty(touches)
),
journeys as (
    select arrayFilter(
        touch -> touch.1 >= goal - ${lookback} and touch.1 <= goal, touches
    ) as journey
    from actors
    array join goals as goal
    where notEmpty(journey)
)
select
    touch.2 as channel,
    countIf(place = 1) as first,
    countIf(place = length(journey)) as last,
    sum(1 / length(journey)) as linear
from journeys
array join journey as touch, arrayEnumerate(journey) as place
group by channel
