select days, count() as users
from (
    select ${person} as actor, count(distinct toDate(timestamp, '${timezone}')) as days
    from events as e ${overrides}
    where team_id = 1
        and timestamp >= fromUnixTimestamp64Milli(${begin}) and timestamp < fromUnixTimestamp64Milli(${end})
    group by actor
)
group by days
