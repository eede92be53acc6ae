-- The events of a run when some of its users are other ones than foreseen.
insert into events
select staged.* replace (if(moved.run = 0, staged.uid, moved.uid) as uid)
from $events as staged
left join (
    select run, staged as before, uid from import_moves where run = {run:UInt64}
) as moved on staged.uid = moved.before
