select *
from ($known)
order by person
