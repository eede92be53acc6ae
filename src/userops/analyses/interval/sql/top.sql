-- The groups with the most pairs; one more than asked tells that there are others.
select $columns
from ($pairs)
group by value
order by count() desc, value
limit $limit
