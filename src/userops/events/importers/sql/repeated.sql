-- How many staged rows say what an earlier row of the file says.
select sum(copies - 1)
from (
    select count() as copies
    from import_rows
    where run = {run:UInt64}
    group by content
    settings optimize_aggregation_in_order = 1
)
