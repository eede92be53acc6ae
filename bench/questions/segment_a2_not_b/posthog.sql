select count() as users
from (
    select ${person} as actor
    from events as e ${overrides}
    where team_id = 1
        and timestamp >= fromUnixTimestamp64Milli(${begin}) and timestamp < fromUnixTimestamp64Milli(${end})
        and event in ('add_to_cart', 'pay_success')
    group by actor
    having countIf(event = 'add_to_cart') >= 2 and countIf(event = 'pay_success') = 0
)
