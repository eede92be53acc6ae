insert into events (
    product, event, uid, ts, batch, received,
    platform, os, os_version, browser, device, app_version, channel, utm_source, utm_medium,
    utm_campaign, country, province, city, language, page, referrer, session, amount, currency,
    source, props
)
