-- What is known of each person today.
select *
from ($known)
order by person
