-- The breakdown values with the most persons; one more than asked tells that there are others.
select value.1 as b0
from (-- Each person's figure, by group and period.
select tuple(city) as value, 0 as period, bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, toFloat64(sumKahan(if(isFinite(amount), amount, null))) as figure
from events 
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ((event in {v2:Array(String)}))
group by value, period, person
having isNotNull(figure)
)
group by value
order by count() desc, value
limit {v5:Int64}
-- timezone: Asia/Shanghai
-- v2: ['pay']
-- v3: 1709222400000
-- v4: 1711900800000
-- v5: 3;

-- How many persons fall into each bucket, and how their figures lie.
with persons as (
    -- Each person's figure, by group and period.
select tuple() as value, 0 as period, bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, toFloat64(sumKahan(if(isFinite(amount), amount, null))) as figure
from events 
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v3:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ((event in {v2:Array(String)}))
group by person
having isNotNull(figure)

)
select
     period,
    count() as users,
    sumKahan(figure) as total,
    min(figure) as least,
    max(figure) as most,
    quantileExactInclusive(0.5)(figure) as median,
    countResample(0, 80, 1)(arrayCount(cut -> figure >= cut, {v5:Array(Float64)})) as counts
from persons
group by value, period
-- timezone: Asia/Shanghai
-- v2: ['pay']
-- v3: 1709222400000
-- v4: 1711900800000
-- v5: [-5000000000000.0, -2000000000000.0, -1000000000000.0, -500000000000.0, -200000000000.0, -100000000000.0, -50000000000.0, -20000000000.0, -10000000000.0, -5000000000.0, -2000000000.0, -1000000000.0, -500000000.0, -200000000.0, -100000000.0, -50000000.0, -20000000.0, -10000000.0, -5000000.0, -2000000.0, -1000000.0, -500000.0, -200000.0, -100000.0, -50000.0, -20000.0, -10000.0, -5000.0, -2000.0, -1000.0, -500.0, -200.0, -100.0, -50.0, -20.0, -10.0, -5.0, -2.0, -1.0, 0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10000.0, 20000.0, 50000.0, 100000.0, 200000.0, 500000.0, 1000000.0, 2000000.0, 5000000.0, 10000000.0, 20000000.0, 50000000.0, 100000000.0, 200000000.0, 500000000.0, 1000000000.0, 2000000000.0, 5000000000.0, 10000000000.0, 20000000000.0, 50000000000.0, 100000000000.0, 200000000000.0, 500000000000.0, 1000000000000.0, 2000000000000.0, 5000000000000.0];

-- How many persons fall into each bucket, and how their figures lie.
with persons as (
    -- Each person's figure, by group and period.
select if(tuple(city) in {v2:Array(Tuple(String))}, tuple(city), tuple('$others')) as value, 0 as period, bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, toFloat64(sumKahan(if(isFinite(amount), amount, null))) as figure
from events 
where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v4:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v5:Int64}, 'UTC') and ((event in {v3:Array(String)}))
group by value, period, person
having isNotNull(figure)

)
select
    value.1 as b0,  period,
    count() as users,
    sumKahan(figure) as total,
    min(figure) as least,
    max(figure) as most,
    quantileExactInclusive(0.5)(figure) as median,
    countResample(0, 80, 1)(arrayCount(cut -> figure >= cut, {v6:Array(Float64)})) as counts
from persons
group by value, period
-- timezone: Asia/Shanghai
-- v2: [('c0',), ('c1',)]
-- v3: ['pay']
-- v4: 1709222400000
-- v5: 1711900800000
-- v6: [-5000000000000.0, -2000000000000.0, -1000000000000.0, -500000000000.0, -200000000000.0, -100000000000.0, -50000000000.0, -20000000000.0, -10000000000.0, -5000000000.0, -2000000000.0, -1000000000.0, -500000000.0, -200000000.0, -100000000.0, -50000000.0, -20000000.0, -10000000.0, -5000000.0, -2000000.0, -1000000.0, -500000.0, -200000.0, -100000.0, -50000.0, -20000.0, -10000.0, -5000.0, -2000.0, -1000.0, -500.0, -200.0, -100.0, -50.0, -20.0, -10.0, -5.0, -2.0, -1.0, 0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10000.0, 20000.0, 50000.0, 100000.0, 200000.0, 500000.0, 1000000.0, 2000000.0, 5000000.0, 10000000.0, 20000000.0, 50000000.0, 100000000.0, 200000000.0, 500000000.0, 1000000000.0, 2000000000.0, 5000000000.0, 10000000000.0, 20000000000.0, 50000000000.0, 100000000000.0, 200000000000.0, 500000000000.0, 1000000000000.0, 2000000000000.0, 5000000000000.0]
