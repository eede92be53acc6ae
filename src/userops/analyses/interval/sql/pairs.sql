-- Pairs of a start and the end right after it. Each event is a number: four times its time and what it
-- is, so that simultaneous events stand as start (0), both (1), end (2). Neighbours that can be a pair form a
-- chain; its first and second are one, its third and fourth the next.
select person, fromUnixTimestamp64Milli(intDiv(from_key - bitAnd(from_key, 3), 4), 'UTC') as ts, gap, value
from (
    select
        person,
        chain[place].1 as from_key,
        chain[place].2 as value,
        intDiv(chain[place + 1].1 - bitAnd(chain[place + 1].1, 3) - from_key + bitAnd(from_key, 3), 4) as gap
    from (
        select person, chain
        from (
            select
                $person as person,
                arraySort(groupArray(($key, $value))) as items,
                tupleElement(items, 1) as keys
            from events $known
            where product = {product:UInt32} and ts >= $begin and ts < $until
                and ($filters) and (($start) or ($end)) and ($held)
            group by person, $holding
        )
        array join arraySplit(
            (item, linked) -> not linked,
            items,
            arrayPushFront(
                arrayMap(
                    (one, next) -> bitAnd(one, 3) < 2 and bitAnd(next, 3) > 0
                        and intDiv(next - bitAnd(next, 3) - one + bitAnd(one, 3), 4) <= $within,
                    arrayPopBack(keys),
                    arrayPopFront(keys)
                ),
                false
            )
        ) as chain
        where length(chain) > 1
    )
    array join range(1, length(chain), $step) as place
)
where ts < $after
