with marked as (
    select
        person,
        ts,
        event,
        event is distinct from lag(event) over chain as changes,
        coalesce(ts - lag(ts) over chain > interval 30 minutes, true) as begins
    from events
    where ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${end})
    window chain as (partition by person order by ts, event)
),
visits as (
    select
        person,
        ts,
        event,
        begins or changes as kept,
        sum(begins::integer) over (partition by person order by ts, event rows unbounded preceding) as visit
    from marked
),
steps as (
    select row_number() over chain as step, event as source, lead(event) over chain as target
    from visits
    where kept
    window chain as (partition by person, visit order by ts, event)
)
select step, source, target, count(*) as visits
from steps
where step < ${steps} and target is not null
group by step, source, target
