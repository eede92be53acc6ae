-- About how many persons there are, to see whether a sample is needed.
select toUInt64(uniq($person)) as persons
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and ($filters)
