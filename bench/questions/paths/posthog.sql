-- sorted arrays of each actor, split where half an hour passes, repeats dropped
with actors as (
    select arraySort(groupArray((toUnixTimestamp64Milli(timestamp), event))) as seen
    from (
        select ${person} as actor, timestamp, event
        from events as e ${overrides}
        where team_id = 1
            and timestamp >= fromUnixTimestamp64Milli(${begin}) and timestamp < fromUnixTimestamp64Milli(${end})
    )
    group by actor
),
visits as (
    select arraySlice(arrayCompact(arrayMap(each -> each.2, visit)), 1, ${steps}) as nodes
    from actors
    array join arraySplit(
        (each, gap) -> gap > ${gap}, seen, arrayDifference(arrayMap(each -> each.1, seen))
    ) as visit
)
select step, nodes[step] as source, nodes[step + 1] as target, count() as visits
from visits
array join range(1, length(nodes)) as step
group by step, source, target
