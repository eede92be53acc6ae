-- One number per event (who, when, what), so that sorting numbers puts events in order.
select
    bitShiftLeft(toUInt64(toUInt32($person - $low)), $person_shift)
        + bitShiftLeft(toUInt64(toUnixTimestamp64Milli(ts) - $first), $time_shift)
        + $what as key$columns
from events
where product = {product:UInt32} and ts >= $begin and ts < $until and ($wanted) and ($users)
$most
