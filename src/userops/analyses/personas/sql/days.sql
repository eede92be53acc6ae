-- Of each person: on how many days they were seen with each code of a feature.
with days as (
    select
        $person as person,
        toDate(ts, {timezone:String}) as day,
        groupUniqArrayArray($codes) as codes
    from events
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
        and ($part)
    group by person, day
),
coded as (
    select person, arrayJoin(codes) as code, toUInt16(count()) as times
    from days
    group by person, code
)
select person, groupArray(code) as codes, groupArray(times) as times
from coded
where code > 0
group by person
order by person
