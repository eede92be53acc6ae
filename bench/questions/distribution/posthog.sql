select arrayMax(arrayFilter(cut -> cut <= total, [-1, ${cuts}])) as bucket, count() as users
from (
    select ${person} as actor, sum(JSONExtractFloat(properties, 'amount')) as total
    from events as e ${overrides}
    where team_id = 1
        and timestamp >= fromUnixTimestamp64Milli(${begin}) and timestamp < fromUnixTimestamp64Milli(${end})
        and event = 'pay_success'
    group by actor
)
group by bucket
