-- Who is behind each user of one product: the bits in which the two numbers differ, so that a user who is not merged
-- needs no entry.
create dictionary if not exists $name (
    uid    UInt64,
    change UInt32
)
primary key uid
source(clickhouse($login query 'select toUInt64(uid) as uid, bitXor(person, uid) as change from $database.people final where product = $product and person != uid'))
layout(flat(max_array_size 4294967296))
lifetime(0)
