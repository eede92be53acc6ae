-- The breakdown values with the most persons; one more than asked tells that there are others.
select $columns
from ($persons)
group by value
order by count() desc, value
limit $limit
