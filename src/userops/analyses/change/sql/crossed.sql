-- How often the values of two properties meet on the events of a figure.
select toString(value.1) as one, toString(value.2) as other, count() as events
from (
    select $value as value
    from events $known
    where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
)
group by one, other
