-- Of each person of one part, up to the as-of day: first and last day, events, sessions, value, first channel.
select
    $person as person,
    toInt32(toDate(min(ts), {timezone:String})) as first_day,
    toInt32(toDate(max(ts), {timezone:String})) as last_day,
    count() as events,
    uniqExactIf(session, session != '')
        + (countIf(session = '') > 0)
        + arrayCount(
            gap -> gap > $timeout,
            arrayDifference(arraySort(groupArrayIf(toUnixTimestamp64Milli(ts), session = '')))
        ) as sessions,
    ifNull(round(sumIf($value, isFinite($value)), 6), 0) as amount,
    argMinIf(channel, (ts, channel), channel != '') as first_channel
from events
where product = {product:UInt32} and ts < $after and $person % $parts = $part and $whose
group by person
