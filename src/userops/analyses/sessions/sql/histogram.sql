-- How many sessions that are over fall between two edges.
select $columns bucket, count() as sessions
from (
    select $group as value, $bucket as bucket
    from ($sessions)
    where ts >= $begin and ts < $after and until < $open
)
group by value, bucket
