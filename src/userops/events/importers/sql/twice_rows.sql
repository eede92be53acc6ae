select event, ids.uid as uid, toUnixTimestamp64Milli(ts) as at
from identified
inner join (
    select distinct_id, uid from import_ids where run = {run:UInt64}
) as ids using (distinct_id)
where id in {twice:Array(UInt64)}
