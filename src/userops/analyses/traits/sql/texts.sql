-- The values of some properties that are few.
select $columns
from $rows
