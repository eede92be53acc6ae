-- How the gaps lie, by group and period, and by group alone; gaps in ms. The whiskers of the box end at the
-- last gaps that are not farther from it than one and a half times its height.
with pairs as (
    select $group as value, $period as period, person, gap
    from ($pairs)
)
select $columns place, whole, pairs, users, total, least, most, points, low, high
from (
    select
        value,
        $place as place,
        $whole as whole,
        count() as pairs,
        uniqExact(person) as users,
        sum(gap) as total,
        min(gap) as least,
        max(gap) as most,
        quantilesExactInclusive(0.25, 0.5, 0.75, 0.9)(gap) as points,
        1.5 * (points[3] - points[1]) as reach,
        groupArray(gap) as gaps,
        arrayMin(arrayFilter(each -> each >= points[1] - reach, gaps)) as low,
        arrayMax(arrayFilter(each -> each <= points[3] + reach, gaps)) as high
    from pairs
    group by grouping sets ($sets)
)
