-- How many persons are in each cohort, by value of the breakdown.
with starts as (
-- Each person's first start event of all time, when it falls in the range, with its cohort and the value
-- of the breakdown; of simultaneous events the last value in the order of text.
select person, at, toMonday(at, {timezone:String}) as cohort, tuple(at_start_0, known_1) as value
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, min(ts) as at, argMax(city, (-toUnixTimestamp64Milli(ts), city)) as at_start_0
    from events
    where product = {product:UInt32} and (((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v3:Identifier}) in {v5:Array(String)})))) and (1))
    group by person
    having at >= fromUnixTimestamp64Milli({v6:Int64}, 'UTC') and at < fromUnixTimestamp64Milli({v7:Int64}, 'UTC')
) as started any left join (
    select person as known_person, * except person
    from (select person, toString(props.{v2:Identifier}) as known_1 from profiles final where product = {product:UInt32} and not gone)
) as known on known_person = started.person


)
select toUInt32(toUInt16(cohort)) as day, value.1 as b0, value.2 as b1,  toUInt64(count()) as size
from starts
group by cohort, value
-- timezone: Asia/Shanghai
-- v2: level
-- v3: level
-- v4: level
-- v5: ['gold']
-- v6: 1709222400000
-- v7: 1711900800000;

-- What the persons of each cohort spent in each of their periods, and in which period they first paid.
with starts as (
-- Each person's first start event of all time, when it falls in the range, with its cohort and the value
-- of the breakdown; of simultaneous events the last value in the order of text.
select person, at, toMonday(at, {timezone:String}) as cohort, tuple(at_start_0, known_1) as value
from (
    select bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) as person, min(ts) as at, argMax(city, (-toUnixTimestamp64Milli(ts), city)) as at_start_0
    from events
    where product = {product:UInt32} and (((bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) in (select person from profiles final where product = {product:UInt32} and not gone and (toString(props.{v6:Identifier}) in {v8:Array(String)})))) and (1))
    group by person
    having at >= fromUnixTimestamp64Milli({v9:Int64}, 'UTC') and at < fromUnixTimestamp64Milli({v10:Int64}, 'UTC')
) as started any left join (
    select person as known_person, * except person
    from (select person, toString(props.{v5:Identifier}) as known_1 from profiles final where product = {product:UInt32} and not gone)
) as known on known_person = started.person


),
per_person as (
    select
        person,
        any(starts.cohort) as cohort,
        any(starts.value) as value,
        sumMap([toUInt16((intDiv(toInt64(toDate(ts, {timezone:String})) + 3, 7) - intDiv(toInt64(toDate(at, {timezone:String})) + 3, 7)))], [if((event in {v4:Array(String)}), -abs(if(isFinite(ifNull(amount, 0)), ifNull(amount, 0), 0)), if(isFinite(ifNull(amount, 0)), ifNull(amount, 0), 0))]) as spent,
        minIf(toUInt16((intDiv(toInt64(toDate(ts, {timezone:String})) + 3, 7) - intDiv(toInt64(toDate(at, {timezone:String})) + 3, 7))), ((((event in {v3:Array(String)})) and not ((event in {v4:Array(String)}))) and if(isFinite(ifNull(amount, 0)), ifNull(amount, 0), 0) > 0) and (1)) as first_paid,
        countIf(((((event in {v3:Array(String)})) and not ((event in {v4:Array(String)}))) and if(isFinite(ifNull(amount, 0)), ifNull(amount, 0), 0) > 0) and (1)) > 0 as payer
    from events
    inner join starts on bitXor(uid, dictGet('person_of_1', 'change', toUInt64(uid))) = starts.person
    where product = {product:UInt32} and ts >= fromUnixTimestamp64Milli({v11:Int64}, 'UTC') and ts < fromUnixTimestamp64Milli({v12:Int64}, 'UTC') and ((((event in {v3:Array(String)})) or ((event in {v4:Array(String)}))) and (1))
        and ts >= at and (intDiv(toInt64(toDate(ts, {timezone:String})) + 3, 7) - intDiv(toInt64(toDate(at, {timezone:String})) + 3, 7)) <= {last:Int64}
    group by starts.person as person
)
select
    toUInt32(toUInt16(cohort)) as day, value.1 as b0, value.2 as b1, 
    sumMap(spent.1, spent.2) as amounts,
    sumMap(if(payer, [first_paid], []), if(payer, [toUInt64(1)], [])) as payers
from per_person
group by cohort, value
-- timezone: Asia/Shanghai
-- last: 12
-- v3: ['pay']
-- v4: ['refund']
-- v5: level
-- v6: level
-- v7: level
-- v8: ['gold']
-- v9: 1709222400000
-- v10: 1711900800000
-- v11: 1709222400000
-- v12: 1719158400000
