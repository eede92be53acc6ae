-- Person → in how many intervals they were active, and in how many of those that are over. This one
-- statement is all that the frequencies need of the events.
select $value as value, $period as period, $person as person, $active as active, $finished as finished
from $source
where $where
group by value, period, person
