-- Of each person who starts in the range: what they did early and how often, on how many days, whether
-- they reached the goal, and whether the time for it is over.
with starts as (
    select $person as person, min(ts) as at
    from events
    where product = {product:UInt32} and ($start)
    group by person
    having at >= $begin and at < $after
),
noted as (
    select
        starts.person as person,
        $what as what,
        any(starts.at) as at,
        toUInt32(countIf($gap < {early:Int64})) as times,
        countIf($gap >= {goal_begin:Int64} and ($goal)) as hits,
        groupBitOrIf(
            bitShiftLeft(toUInt64(1), toUInt8(least(intDiv($gap, 86400000), 63))),
            $gap < {early:Int64}
        ) as days
    from events
    inner join starts on $person = starts.person
    where product = {product:UInt32} and ts >= $begin and ts < $until and ($filters)
        and $gap >= 0 and $gap < {goal_end:Int64}
    group by person, what
),
per_person as (
    select
        person,
        toUnixTimestamp64Milli(any(at)) + {goal_end:Int64} <= {now:Int64} as over,
        sum(hits) >= {least:UInt32} as reached,
        bitCount(groupBitOr(days)) as active_days,
        groupArrayIf((toString(what), least(times, {most:UInt32})), times > 0 and ($asked)) as done
    from noted
    group by person
)
