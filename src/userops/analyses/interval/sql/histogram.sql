-- How many gaps fall between two edges.
select $columns $bucket as bucket, count() as pairs
from (select $group as value, gap from ($pairs))
group by value, bucket
