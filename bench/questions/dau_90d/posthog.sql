select toString(toDate(timestamp, '${timezone}')) as day, count(distinct ${person}) as users
from events as e ${overrides}
where team_id = 1
    and timestamp >= fromUnixTimestamp64Milli(${begin}) and timestamp < fromUnixTimestamp64Milli(${end})
group by day
