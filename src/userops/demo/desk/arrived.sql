-- who came for the first time on the day of the burst, by its channel
select uid, toUnixTimestamp64Milli(min(ts)) as at, any(platform) as platform, any(app_version) as app_version
from events
where product = {product:UInt32} and event = 'first_visit' and channel = {channel:String}
    and ts >= fromUnixTimestamp64Milli({first:Int64}) and ts < fromUnixTimestamp64Milli({after:Int64})
group by uid
order by at, uid
