-- The persons whom a condition on people chooses.
select toString(groupBitmapState(person)) as persons
from ($chosen)
