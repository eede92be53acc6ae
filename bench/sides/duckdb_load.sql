create type event_name as enum (select distinct event from '$file' order by event);
create type platform as enum (select distinct platform from '$file' order by platform);
create type os as enum (select distinct os from '$file' order by os);
create type app_version as enum (select distinct app_version from '$file' order by app_version);
create type channel as enum (select distinct channel from '$file' order by channel);
create type country as enum (select distinct country from '$file' order by country);
create type province as enum (select distinct province from '$file' order by province);
create type city as enum (select distinct city from '$file' order by city);
create table events as
select
    event::event_name as event,
    make_timestamp_ms(epoch_ms(time)) as ts,
    person,
    platform::platform as platform,
    os::os as os,
    app_version::app_version as app_version,
    channel::channel as channel,
    country::country as country,
    province::province as province,
    city::city as city,
    page,
    amount,
    item,
    ab_group,
    search_word,
    coupon,
    position,
    make_timestamp_ms(epoch_ms(received)) as received
from '$file'
order by 1, 2;
checkpoint
