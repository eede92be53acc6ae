-- What each fact that counts says of one person: that of the person's own number, else of the lowest.
select version, argMin(value, (uid != {root:UInt32}, uid)) as value
from facts
where product = {product:UInt32}
    and version in {versions:Array(UInt64)}
    and uid in {uids:Array(UInt32)}
group by version
