-- for each later step the latest attempt that has come so far: three joins by order, ever smaller
-- (about twice as fast as running maxima over one sort of all steps)
with starts as (
    select person, ts
    from events
    where event = 'product_view'
        and ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${end})
),
second as (
    select step.person, step.ts, starts.ts as start
    from (
        select person, ts from events
        where event = 'add_to_cart'
            and ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${until})
    ) as step
    asof join starts on step.person = starts.person and step.ts >= starts.ts
    where step.ts <= starts.ts + interval 7 days
),
third as (
    select step.person, step.ts, second.start
    from (
        select person, ts from events
        where event = 'checkout'
            and ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${until})
    ) as step
    asof join second on step.person = second.person and step.ts >= second.ts
    where step.ts <= second.start + interval 7 days
),
fourth as (
    select step.person, step.ts, third.start
    from (
        select person, ts from events
        where event = 'pay_success'
            and ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${until})
    ) as step
    asof join third on step.person = third.person and step.ts >= third.ts
    where step.ts <= third.start + interval 7 days
)
select 1 as step, count(distinct person) as users from starts
union all
select 2, count(distinct person) from second
union all
select 3, count(distinct person) from third
union all
select 4, count(distinct person) from fourth
