select epoch_ms(ts) as at, event, columns(* exclude (ts, event))
from events
where person = ${person}
order by ts desc
limit 100
