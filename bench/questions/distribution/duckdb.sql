with totals as (
    select person, sum(amount) as total
    from events
    where ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${end})
        and event = 'pay_success'
    group by person
),
buckets as (
    select list_max(list_filter([-1, ${cuts}], lambda cut: cut <= total)) as bucket from totals
)
select bucket::double as bucket, count(*) as users
from buckets
group by bucket
