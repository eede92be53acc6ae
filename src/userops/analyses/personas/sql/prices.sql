-- The four prices that cut all prices into fifths, for each value of the property of taste.
select $kind as kind, quantilesExact(0.2, 0.4, 0.6, 0.8)($price) as cuts, count() as times
from events
where product = {product:UInt32} and ts >= $begin and ts < $after and ($condition)
    and isFinite($price)
group by kind
order by times desc, kind
limit {most:UInt32}
