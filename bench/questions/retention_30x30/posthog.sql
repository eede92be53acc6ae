-- one scan: days of start and of return as arrays of each actor, then offsets from the first start
with actors as (
    select
        ${person} as actor,
        minIf(toDate(timestamp, '${timezone}'), event = 'app_open') as cohort,
        countIf(event = 'app_open') as starts,
        groupUniqArrayIf(
            toDate(timestamp, '${timezone}'),
            event = 'product_view' and timestamp >= fromUnixTimestamp64Milli(${begin})
        ) as returns
    from events as e ${overrides}
    where team_id = 1
        and timestamp < fromUnixTimestamp64Milli(${until})
        and event in ('app_open', 'product_view')
    group by actor
),
cells as (
    select
        actor,
        cohort,
        arrayJoin(arrayConcat([0], arrayFilter(
            n -> n between 1 and 30, arrayMap(day -> toInt32(day - cohort), returns)
        ))) as period
    from actors
    where starts > 0 and cohort between '${first}' and '${last}'
)
select toString(cohort) as cohort, period, count(distinct actor) as users
from cells
group by cohort, period
