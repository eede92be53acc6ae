create database if not exists `$database`;
create or replace view `$database`.events as
select
    event,
    toTimeZone(ts, '$zone') as ts,
    dictGetOrDefault('$home.person_of', 'person', bitShiftLeft(toUInt64(product), 32) + uid, uid) as person,
    toTimeZone(received, '$zone') as received,
    $fields,
    props
from `$home`.events
where product = $product;
create or replace view `$database`.profiles as
select person, props
from `$home`.profiles final
where product = $product and not gone
