select count() as users
from (
    select person
    from events
    where ts >= fromUnixTimestamp64Milli({begin:Int64}) and ts < fromUnixTimestamp64Milli({end:Int64})
        and event in ('add_to_cart', 'pay_success')
    group by person
    having countIf(event = 'add_to_cart') >= 2 and countIf(event = 'pay_success') = 0
)
