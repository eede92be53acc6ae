select person
from ($levels)
where level = $level
