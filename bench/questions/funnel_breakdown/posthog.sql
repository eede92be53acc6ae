-- as the funnel; of each start its level, its end and its value: the best attempt gives the value
with steps as (
    select
        ${person} as actor,
        toUnixTimestamp64Milli(timestamp) as at,
        event,
        if(event = 'product_view', JSONExtractString(properties, 'platform'), '') as value
    from events as e ${overrides}
    where team_id = 1
        and timestamp >= fromUnixTimestamp64Milli(${begin}) and timestamp < fromUnixTimestamp64Milli(${until})
        and event in ('product_view', 'add_to_cart', 'checkout', 'pay_success')
        and (event != 'product_view' or timestamp < fromUnixTimestamp64Milli(${end}))
),
actors as (
    select
        groupArrayIf((at, value), event = 'product_view') as starts,
        arraySort(groupArrayIf(at, event = 'add_to_cart')) as second,
        arraySort(groupArrayIf(at, event = 'checkout')) as third,
        arraySort(groupArrayIf(at, event = 'pay_success')) as fourth
    from steps
    group by actor
    having notEmpty(starts)
),
attempts as (
    select arrayMax(arrayMap(
        (start, value) -> multiIf(
            (arrayFirst(at -> at >= start, second) as two) = 0 or two > start + ${window},
            (1, -start, start, value),
            (arrayFirst(at -> at >= two, third) as three) = 0 or three > start + ${window},
            (2, -two, start, value),
            (arrayFirst(at -> at >= three, fourth) as four) = 0 or four > start + ${window},
            (3, -three, start, value),
            (4, -four, start, value)
        ),
        starts.1, starts.2
    )) as best
    from actors
)
select best.4 as value, step, countIf(best.1 >= step) as users
from attempts
array join [1, 2, 3, 4] as step
group by value, step
having users > 0
