-- What a fact that is a number says of each of these uids.
select uid, toFloat64OrNull(value) as number
from facts
where product = {product:UInt32}
    and version = {version:UInt64}
    and uid in {uids:Array(UInt32)}
