-- The persons of each event name, and of all together (''), on each of some days.
insert into active_users (product, build, event, day, events, people, users)
with rows as (
    select
        event,
        toDate(ts, {timezone:String}) as day,
        count() as events,
        groupBitmapState($person) as users
    from events
    where product = {product:UInt32}
        and ts >= toDateTime64(toString(arrayMin({days:Array(Date)}) - 1), 3, 'UTC')
        and ts < toDateTime64(toString(arrayMax({days:Array(Date)}) + 3), 3, 'UTC')
        and day in {days:Array(Date)}
    group by event, day
)
select
    {product:UInt32},
    {build:UInt64},
    event,
    day,
    sum(events),
    groupBitmapMerge(users) as people,
    toString(groupBitmapMergeState(users))
from rows
group by grouping sets ((event, day), (day))
