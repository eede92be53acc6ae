-- The names of the properties that are known of persons.
select distinctJSONPaths(props) as paths
from profiles final
where product = {product:UInt32} and not gone
