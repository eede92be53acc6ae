-- times of all events that carry no session id, from which sessions are derived
select distinct $person as person, toUnixTimestamp64Milli(ts) as at
from events
where product = {product:UInt32}
    and ts >= fromUnixTimestamp64Milli({begin:Int64}, 'UTC')
    and ts < fromUnixTimestamp64Milli({until:Int64}, 'UTC')
    and session = ''
    and ($block)
