-- Of each person who starts in the range: what they did early and how often, on how many days, whether
-- they reached the goal, and whether the time for it is over.
with starts as (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, min(ts) as at
    from events
    where product = {product:UInt32} and (((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v9:Identifier}) in {v11:Array(String)})))) and (1))
    group by person
    having at >= fromUnixTimestamp64Milli({v13:Int64}, 'UTC') and at < fromUnixTimestamp64Milli({v14:Int64}, 'UTC')
),
noted as (
    select
        starts.person as person,
        event as what,
        any(starts.at) as at,
        toUInt32(countIf((toUnixTimestamp64Milli(ts) - toUnixTimestamp64Milli(starts.at)) < {early:Int64})) as times,
        countIf((toUnixTimestamp64Milli(ts) - toUnixTimestamp64Milli(starts.at)) >= {goal_begin:Int64} and ((event in {v12:Array(String)}))) as hits,
        groupBitOrIf(
            bitShiftLeft(toUInt64(1), toUInt8(least(intDiv((toUnixTimestamp64Milli(ts) - toUnixTimestamp64Milli(starts.at)), 86400000), 63))),
            (toUnixTimestamp64Milli(ts) - toUnixTimestamp64Milli(starts.at)) < {early:Int64}
        ) as days
    from events
    inner join starts on bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) = starts.person
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v13:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v15:Int64}, 'UTC') and (1)
        and (toUnixTimestamp64Milli(ts) - toUnixTimestamp64Milli(starts.at)) >= 0 and (toUnixTimestamp64Milli(ts) - toUnixTimestamp64Milli(starts.at)) < {goal_end:Int64}
    group by person, what
),
per_person as (
    select
        person,
        toUnixTimestamp64Milli(any(at)) + {goal_end:Int64} <= {now:Int64} as over,
        sum(hits) >= {least:UInt32} as reached,
        bitCount(groupBitOr(days)) as active_days,
        groupArrayIf((toString(what), least(times, {most:UInt32})), times > 0 and (what in {v8:Array(String)})) as done
    from noted
    group by person
)
select
    over,
    reached,
    candidate.1 as what,
    candidate.2 as times,
    candidate.3 as is_days,
    toUInt64(count()) as users
from per_person
array join arrayConcat(
    [('', toUInt32(active_days), 1)],
    arrayMap(each -> (each.1, toUInt32(each.2), 0), done)
) as candidate
group by over, reached, what, times, is_days
order by what, times, is_days, over, reached
-- timezone: Asia/Shanghai
-- early: 604800000
-- goal_begin: 604800000
-- goal_end: 1209600000
-- least: 2
-- most: 10
-- now: 1893456000000
-- v8: ['pay']
-- v9: level
-- v10: level
-- v11: ['gold']
-- v12: ['pay']
-- v13: 1709222400000
-- v14: 1711900800000
-- v15: 1713110400000;

-- Of each person who starts in the range: what they did early and how often, on how many days, whether
-- they reached the goal, and whether the time for it is over.
with starts as (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, min(ts) as at
    from events
    where product = {product:UInt32} and (((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v8:Identifier}) in {v10:Array(String)})))) and (1))
    group by person
    having at >= fromUnixTimestamp64Milli({v12:Int64}, 'UTC') and at < fromUnixTimestamp64Milli({v13:Int64}, 'UTC')
),
noted as (
    select
        starts.person as person,
        city as what,
        any(starts.at) as at,
        toUInt32(countIf((toUnixTimestamp64Milli(ts) - toUnixTimestamp64Milli(starts.at)) < {early:Int64})) as times,
        countIf((toUnixTimestamp64Milli(ts) - toUnixTimestamp64Milli(starts.at)) >= {goal_begin:Int64} and ((event in {v11:Array(String)}))) as hits,
        groupBitOrIf(
            bitShiftLeft(toUInt64(1), toUInt8(least(intDiv((toUnixTimestamp64Milli(ts) - toUnixTimestamp64Milli(starts.at)), 86400000), 63))),
            (toUnixTimestamp64Milli(ts) - toUnixTimestamp64Milli(starts.at)) < {early:Int64}
        ) as days
    from events
    inner join starts on bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) = starts.person
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v12:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v14:Int64}, 'UTC') and (1)
        and (toUnixTimestamp64Milli(ts) - toUnixTimestamp64Milli(starts.at)) >= 0 and (toUnixTimestamp64Milli(ts) - toUnixTimestamp64Milli(starts.at)) < {goal_end:Int64}
    group by person, what
),
per_person as (
    select
        person,
        toUnixTimestamp64Milli(any(at)) + {goal_end:Int64} <= {now:Int64} as over,
        sum(hits) >= {least:UInt32} as reached,
        bitCount(groupBitOr(days)) as active_days,
        groupArrayIf((toString(what), least(times, {most:UInt32})), times > 0 and (what != '')) as done
    from noted
    group by person
)
select
    over,
    reached,
    candidate.1 as what,
    candidate.2 as times,
    candidate.3 as is_days,
    toUInt64(count()) as users
from per_person
array join arrayConcat(
    [('', toUInt32(active_days), 1)],
    arrayMap(each -> (each.1, toUInt32(each.2), 0), done)
) as candidate
group by over, reached, what, times, is_days
order by what, times, is_days, over, reached
-- timezone: Asia/Shanghai
-- early: 604800000
-- goal_begin: 604800000
-- goal_end: 1209600000
-- least: 2
-- most: 1
-- now: 1893456000000
-- v8: level
-- v9: level
-- v10: ['gold']
-- v11: ['pay']
-- v12: 1709222400000
-- v13: 1711900800000
-- v14: 1713110400000
