with cohorts as (
    select person, min((ts + interval 8 hours)::date) as cohort
    from events
    where event = 'app_open'
    group by person
    having cohort between date '${first}' and date '${last}'
),
returns as (
    select distinct person, (ts + interval 8 hours)::date as day
    from events
    where event = 'product_view'
        and ts >= make_timestamp_ms(${begin}) and ts < make_timestamp_ms(${until})
)
select cohort, 0 as period, count(*) as users
from cohorts
group by cohort
union all
select cohort, day - cohort as period, count(*) as users
from cohorts
join returns using (person)
where day - cohort between 1 and 30
group by cohort, period
