-- Of each property: how often two days of one person agree in its value, how often any two do, and how many
-- persons have it.
with times as (
    select person, cell.1 as place, cell.2 as value, toFloat64(uniqExact(day)) as days
    from (
        select
            $person as person,
            toDate(ts, {timezone:String}) as day,
            arrayJoin(arrayFilter(cell -> cell.2 != '', $cells)) as cell
        from events
        where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
    )
    group by person, place, value
),
persons as (
    select place, person, sum(days) as whole, sum(days * (days - 1)) as same
    from times
    group by place, person
),
overall as (
    select place, sum(days * days) / (sum(days) * sum(days)) as agree
    from (select place, value, sum(days) as days from times group by place, value)
    group by place
)
select
    persons.place as place,
    count() as persons,
    sum(same) / nullIf(sum(whole * (whole - 1)), 0) as within,
    any(overall.agree) as overall
from persons
inner join overall on overall.place = persons.place
group by persons.place
order by place
