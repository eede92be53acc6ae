-- a user counts from each day of activity until the window ends or the next such day begins
with active as (
    select distinct person, (ts + interval 8 hours)::date as day
    from events
    where ts >= make_timestamp_ms(${before}) and ts < make_timestamp_ms(${end})
),
spans as (
    select day, least(day + 7, coalesce(lead(day) over (partition by person order by day), day + 7)) as until
    from active
),
changes as (
    select day, sum(change) as change
    from (
        select day, count(*) as change from spans group by day
        union all
        select until, -count(*) from spans group by until
    )
    group by day
),
running as (
    select day, sum(change) over (order by day) as users from changes
)
select day, users from running where day >= date '${first}' and day <= date '${last}'
