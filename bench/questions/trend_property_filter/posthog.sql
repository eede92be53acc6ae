select
    JSONExtractString(properties, 'channel') as channel,
    toString(toDate(timestamp, '${timezone}')) as day,
    count() as events
from events
where team_id = 1
    and timestamp >= fromUnixTimestamp64Milli(${begin}) and timestamp < fromUnixTimestamp64Milli(${end})
    and event = 'product_view'
    and JSONExtractString(properties, 'province') = '${province}'
group by channel, day
