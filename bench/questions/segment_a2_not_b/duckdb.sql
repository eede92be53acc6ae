select count(*) as users
from (
    select person
    from events
    where ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${end})
        and event in ('add_to_cart', 'pay_success')
    group by person
    having count(*) filter (event = 'add_to_cart') >= 2 and count(*) filter (event = 'pay_success') = 0
)
