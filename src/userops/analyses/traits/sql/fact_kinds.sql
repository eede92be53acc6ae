-- Of each fact, among the persons of both sides: rows, rows that are numbers, rows that are days, different values.
select
    place,
    count() as given,
    countIf(isFinite(toFloat64OrNull(value))) as numbers,
    countIf(match(value, '^\\d{4}-\\d{2}-\\d{2}$$')) as days,
    uniq(value) as different
from ($facts)
where $anyone
group by place
