-- distinct actors of each day, crossed with the axis of days
with actors as (
    select distinct toDate(timestamp, '${timezone}') as day, ${person} as actor
    from events as e ${overrides}
    where team_id = 1
        and timestamp >= fromUnixTimestamp64Milli(${before}) and timestamp < fromUnixTimestamp64Milli(${end})
)
select toString(axis.day) as day, count(distinct actor) as users
from actors
cross join (select toDate('${first}') + number as day from numbers(90)) as axis
where actors.day <= axis.day and actors.day > axis.day - 7
group by axis.day
