select
    {product:UInt32}, event, ids.uid, ts, {batch:UInt64}, {received:DateTime64(3, 'UTC')},
    platform, os, os_version, browser, device, app_version, channel, utm_source, utm_medium,
    utm_campaign, country, province, city, language, page, referrer, session, amount, currency,
    if(source = '', 'import', source), props
from identified
inner join (
    select distinct_id, uid from import_ids where run = {run:UInt64}
) as ids using (distinct_id)
where id not in {twice:Array(UInt64)}
    and id in (select id from taken where product = {product:UInt32} and batch = {batch:UInt64})
    and (event, uid, ts) in (
        select event, uid, ts
        from identified
        inner join (
            select distinct_id, uid from import_ids where run = {run:UInt64}
        ) as ids using (distinct_id)
        where id in {twice:Array(UInt64)}
    )
