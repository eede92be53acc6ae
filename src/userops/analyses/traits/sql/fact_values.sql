-- By fact and value: how many persons of each side have it.
select place, value, ($inside) as inside, count() as persons
from ($facts)
where $anyone
group by place, value, inside
