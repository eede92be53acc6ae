-- The names of the properties that the events of a figure carry.
select distinctJSONPaths(props) as paths
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
