-- Of each person: the day of the first event, and the first platform with its day.
select
    toUInt32($person) as person,
    toInt32(toDate(min(ts), {timezone:String})) as first_day,
    argMinIf(toString(platform), (ts, platform), platform != '') as first_platform,
    toInt32(toDate(minIf(ts, platform != ''), {timezone:String})) as platform_day
from events
where product = {product:UInt32} and ts < $after
group by person
order by person
