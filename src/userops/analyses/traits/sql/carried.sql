-- How often each person carries which values, that stand in one number.
select $person as who, $code as code, count() as times
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and ($anyone) and ($block)
group by who, code
having code > 0
