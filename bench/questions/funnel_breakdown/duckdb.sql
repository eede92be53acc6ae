-- as the funnel; each attempt carries its value, and the best one of a user gives it
with starts as (
    select person, ts, max(platform) as value
    from events
    where event = 'product_view'
        and ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${end})
    group by person, ts
),
second as (
    select step.person, step.ts, starts.ts as start, starts.value
    from (
        select person, ts from events
        where event = 'add_to_cart'
            and ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${until})
    ) as step
    asof join starts on step.person = starts.person and step.ts >= starts.ts
    where step.ts <= starts.ts + interval 7 days
),
third as (
    select step.person, step.ts, second.start, second.value
    from (
        select person, ts from events
        where event = 'checkout'
            and ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${until})
    ) as step
    asof join second on step.person = second.person and step.ts >= second.ts
    where step.ts <= second.start + interval 7 days
),
fourth as (
    select step.person, step.ts, third.start, third.value
    from (
        select person, ts from events
        where event = 'pay_success'
            and ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${until})
    ) as step
    asof join third on step.person = third.person and step.ts >= third.ts
    where step.ts <= third.start + interval 7 days
),
reached as (
    select person, 1 as level, arg_min(value, ts) as value from starts group by person
    union all
    select person, 2, arg_min(value, ts) from second group by person
    union all
    select person, 3, arg_min(value, ts) from third group by person
    union all
    select person, 4, arg_min(value, ts) from fourth group by person
),
best as (
    select person, max(level) as level, arg_max(value, level) as value from reached group by person
)
select value, step, count(*) as users
from best
join (values (1), (2), (3), (4)) as axis (step) on level >= step
group by value, step
