select count(distinct ${person}) as users
from events as e ${overrides}
where team_id = 1
    and timestamp >= fromUnixTimestamp64Milli(${begin}) and timestamp < fromUnixTimestamp64Milli(${end})
