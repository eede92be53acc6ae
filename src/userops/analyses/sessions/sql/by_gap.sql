-- Sessions of events without an id: cut where more time passes than the timeout.
select person, $first as ts, $last as until, length(part) as depth, $told as value
from (
    select $person as person, arraySort(groupArray($item)) as items
    from events $known
    where product = {product:UInt32} and ts >= $from and ts < $to and ($condition) and ($loose)
    group by person
)
array join arraySplit((item, gap) -> gap > $timeout, items, arrayDifference($times)) as part
