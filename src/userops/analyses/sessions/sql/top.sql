-- The groups with the most sessions; one more than asked tells that there are others.
select $columns
from ($sessions)
where ts >= $begin and ts < $after
group by value
order by count() desc, value
limit $limit
