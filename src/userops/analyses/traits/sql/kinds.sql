-- Of each property: rows with a value, rows whose value is a number, different values.
select $counts
from $rows
