-- sorted arrays of each actor; for each start the first chance of every later step
with steps as (
    select
        ${person} as actor,
        toUnixTimestamp64Milli(timestamp) as at,
        event
    from events as e ${overrides}
    where team_id = 1
        and timestamp >= fromUnixTimestamp64Milli(${begin}) and timestamp < fromUnixTimestamp64Milli(${until})
        and event in ('product_view', 'add_to_cart', 'checkout', 'pay_success')
        and (event != 'product_view' or timestamp < fromUnixTimestamp64Milli(${end}))
),
actors as (
    select
        groupArrayIf(at, event = 'product_view') as starts,
        arraySort(groupArrayIf(at, event = 'add_to_cart')) as second,
        arraySort(groupArrayIf(at, event = 'checkout')) as third,
        arraySort(groupArrayIf(at, event = 'pay_success')) as fourth
    from steps
    group by actor
),
levels as (
    select multiIf(
        empty(starts), 0,
        empty(second), 1,
        arrayMax(arrayMap(
            start -> multiIf(
                (arrayFirst(at -> at >= start, second) as two) = 0 or two > start + ${window}, 1,
                (arrayFirst(at -> at >= two, third) as three) = 0 or three > start + ${window}, 2,
                (arrayFirst(at -> at >= three, fourth) as four) = 0 or four > start + ${window}, 3,
                4
            ),
            starts
        ))
    ) as level
    from actors
)
select step, countIf(level >= step) as users
from levels
array join [1, 2, 3, 4] as step
group by step
