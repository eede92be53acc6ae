insert into events
select
    toUUID(uuid),
    event,
    concat('{', arrayStringConcat(arrayFilter(x -> x != '', [
        concat('"platform":"', platform, '"'),
        concat('"os":"', os, '"'),
        concat('"app_version":"', app_version, '"'),
        concat('"channel":"', channel, '"'),
        concat('"country":"', country, '"'),
        concat('"province":"', province, '"'),
        concat('"city":"', city, '"'),
        if(page is null, '', concat('"page":"', assumeNotNull(page), '"')),
        if(amount is null, '', concat('"amount":', toString(assumeNotNull(amount)))),
        if(item is null, '', concat('"item":"', assumeNotNull(item), '"')),
        if(ab_group is null, '', concat('"ab_group":"', assumeNotNull(ab_group), '"')),
        if(search_word is null, '', concat('"search_word":"', assumeNotNull(search_word), '"')),
        if(coupon is null, '', concat('"coupon":"', assumeNotNull(coupon), '"')),
        if(position is null, '', concat('"position":', toString(assumeNotNull(position))))
    ]), ','), '}'),
    time,
    1,
    user_id,
    received,
    toUUID(UUIDNumToString(MD5(assumeNotNull(user_id)))),
    toDateTime(received)
from file('$file', Parquet)
