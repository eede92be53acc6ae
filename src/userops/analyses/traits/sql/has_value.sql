select person
from ($known)
where value = $wanted
