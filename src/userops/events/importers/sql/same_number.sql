-- Rows of a run that share their number with another one: none, but for an accident of the hash.
select count() - uniqExact(id)
from import_keys
where run = {run:UInt64} and (copy = 1 or not (given or {dedupe:Bool}))
