-- How many persons of the group got how far in the steps, within the window from their first one.
select level, count() as users
from ($levels)
where level > 0
group by level
order by level
