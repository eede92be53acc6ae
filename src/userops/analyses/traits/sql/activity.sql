-- Per side: days active and events in the range, and days since first seen, one value per person.
with persons as (
    select
        $person as person,
        toFloat64(uniqExactIf(toDate(ts, {timezone:String}), ts >= $begin)) as active_days,
        toFloat64(countIf(ts >= $begin)) as events,
        toFloat64(dateDiff('day', toDate(min(ts), {timezone:String}), $last_day)) as age_days
    from events
    where product = {product:UInt32} and ts < $after and ($anyone)
    group by person
)
select ($inside) as inside, $figures
from persons
group by inside
