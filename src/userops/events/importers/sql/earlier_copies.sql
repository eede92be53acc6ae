-- How often the contents in hand stand in what is staged.
select hex(content) as content, toUInt32(count()) as earlier
from import_keys
where run = {run:UInt64} and content in (select content from $probe)
group by content
