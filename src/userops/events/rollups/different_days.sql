-- The days on which two builds do not say the same: a name that one of them lacks, other counts, other persons.
with pairs as (
    select
        day,
        event,
        groupArray(events) as events,
        groupArray(people) as people,
        groupArray(cast(users, 'AggregateFunction(groupBitmap, UInt32)')) as users
    from active_users
    where product = {product:UInt32} and (day, build) in {builds:Array(Tuple(Date, UInt64))}
    group by day, event
)
select distinct day
from pairs
where length(events) != 2
    or events[1] != events[2]
    or people[1] != people[2]
    or bitmapAndCardinality(users[1], users[-1]) != people[1]
order by day
