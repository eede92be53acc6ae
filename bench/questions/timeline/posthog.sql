select toUnixTimestamp64Milli(timestamp) as at, event, properties
from events
where team_id = 1 and distinct_id in ('${known_id}', '${anonymous_id}')
order by timestamp desc
limit 100
