create database if not exists `$database`;
create or replace view `$database`.events as
select
    event,
    toTimeZone(ts, '$zone') as ts,
    $person as person,
    toTimeZone(received, '$zone') as received,
    $fields,
    props
from `$home`.events
where product = $product;
create or replace view `$database`.profiles as
select person, props
from `$home`.profiles final
where product = $product and not gone
