-- The names of the properties that events in a range carry.
select distinctJSONPaths(props) as paths
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
