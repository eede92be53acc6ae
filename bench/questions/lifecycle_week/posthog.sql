with actors as (
    select
        ${person} as actor,
        arraySort(groupUniqArray(toMonday(toDate(timestamp, '${timezone}')))) as weeks
    from events as e ${overrides}
    where team_id = 1 and timestamp < fromUnixTimestamp64Milli(${end})
    group by actor
),
states as (
    select arrayJoin(arrayConcat(
        arrayMap(
            (week, place) -> (week, multiIf(
                place = 1, 'new', weeks[place - 1] = week - 7, 'returning', 'resurrected'
            )),
            weeks, arrayEnumerate(weeks)
        ),
        arrayMap(
            week -> (week + 7, 'dormant'),
            arrayFilter(
                (week, place) -> place = length(weeks) or weeks[place + 1] != week + 7,
                weeks, arrayEnumerate(weeks)
            )
        )
    )) as state
    from actors
)
select toString(state.1) as week, state.2 as name, count() as users
from states
where state.1 between '${first}' and '${last}'
group by week, name
