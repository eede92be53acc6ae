-- How the gaps lie, by group and period, and by group alone; gaps in ms. The whiskers of the box end at the
-- last gaps that are not farther from it than one and a half times its height.
with pairs as (
    select value as value, 0 as period, person, gap
    from (-- Pairs of a start and the end right after it. Each event is a number: four times its time and what it
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
                bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person,
                arraySort(groupArray((toUnixTimestamp64Milli(ts) * 4 + multiIf(not ((event in {v2:Array(String)})), 2, (event in {v3:Array(String)}), 1, 0), tuple()))) as items,
                tupleElement(items, 1) as keys
            from events 
            where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v7:Int64}, 'UTC')
                and (1) and (((event in {v2:Array(String)})) or ((event in {v3:Array(String)}))) and (1)
            group by person, tuple()
        )
        array join arraySplit(
            (item, linked) -> not linked,
            items,
            arrayPushFront(
                arrayMap(
                    (one, next) -> bitAnd(one, 3) < 2 and bitAnd(next, 3) > 0
                        and intDiv(next - bitAnd(next, 3) - one + bitAnd(one, 3), 4) <= {v4:Int64},
                    arrayPopBack(keys),
                    arrayPopFront(keys)
                ),
                false
            )
        ) as chain
        where length(chain) > 1
    )
    array join range(1, length(chain), 2) as place
)
where ts < fromUnixTimestamp64Milli({v6:Int64}, 'UTC')
)
)
select  place, whole, pairs, users, total, least, most, points, low, high
from (
    select
        value,
        0 as place,
        1 as whole,
        count() as pairs,
        uniqExact(person) as users,
        sum(gap) as total,
        min(gap) as least,
        max(gap) as most,
        quantilesExactInclusive(0.25, 0.5, 0.75, 0.9)(gap) as points,
        1.5 * (points[3] - points[1]) as reach,
        groupArray(gap) as gaps,
        arrayMin(arrayFilter(each -> each >= points[1] - reach, gaps)) as low,
        arrayMax(arrayFilter(each -> each <= points[3] + reach, gaps)) as high
    from pairs
    group by grouping sets ((value))
)
-- timezone: Asia/Shanghai
-- v2: ['pay']
-- v3: ['pay']
-- v4: 604800000
-- v5: 1709222400000
-- v6: 1711900800000
-- v7: 1712505600000;

-- How many gaps fall between two edges.
select  arrayCount(edge -> edge <= gap, {v2:Array(Int64)}) - 1 as bucket, count() as pairs
from (select value as value, gap from (-- Pairs of a start and the end right after it. Each event is a number: four times its time and what it
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
                bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person,
                arraySort(groupArray((toUnixTimestamp64Milli(ts) * 4 + multiIf(not ((event in {v3:Array(String)})), 2, (event in {v4:Array(String)}), 1, 0), tuple()))) as items,
                tupleElement(items, 1) as keys
            from events 
            where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v8:Int64}, 'UTC')
                and (1) and (((event in {v3:Array(String)})) or ((event in {v4:Array(String)}))) and (1)
            group by person, tuple()
        )
        array join arraySplit(
            (item, linked) -> not linked,
            items,
            arrayPushFront(
                arrayMap(
                    (one, next) -> bitAnd(one, 3) < 2 and bitAnd(next, 3) > 0
                        and intDiv(next - bitAnd(next, 3) - one + bitAnd(one, 3), 4) <= {v5:Int64},
                    arrayPopBack(keys),
                    arrayPopFront(keys)
                ),
                false
            )
        ) as chain
        where length(chain) > 1
    )
    array join range(1, length(chain), 2) as place
)
where ts < fromUnixTimestamp64Milli({v7:Int64}, 'UTC')
))
group by value, bucket
-- timezone: Asia/Shanghai
-- v2: [0, 1000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000, 10800000, 21600000, 43200000, 86400000, 172800000, 259200000, 604800000, 1209600000, 2592000000, 5184000000, 7776000000, 15552000000, 31536000000]
-- v3: ['pay']
-- v4: ['pay']
-- v5: 604800000
-- v6: 1709222400000
-- v7: 1711900800000
-- v8: 1712505600000
