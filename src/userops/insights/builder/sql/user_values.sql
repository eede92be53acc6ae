-- The most frequent values of a property of users.
select value, count() as times
from ($known)
where value != ''
group by value
order by times desc, value
limit 100
