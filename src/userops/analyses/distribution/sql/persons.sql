-- Each person's figure, by group and period.
select $value as value, $period as period, $person as person, toFloat64($figure) as figure
from events $known
where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
group by $keys
having isNotNull(figure)
