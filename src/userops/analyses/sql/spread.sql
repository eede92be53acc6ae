-- How the rows are spread over the users, by which they are read in blocks of about one size.
select bitShiftRight(uid, {width:UInt8}) as bucket, count() as events
from events
where product = {product:UInt32} and ts >= $begin and ts < $until and ($named)
group by bucket
order by bucket
