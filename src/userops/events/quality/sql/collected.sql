-- What the live doors took in within a span of time. Imports have their own reports.
select
    event, toString(uid) as distinct_id, toUnixTimestamp64Milli(ts) as ts,
    platform, os, os_version, browser, device, app_version, channel, utm_source, utm_medium,
    utm_campaign, country, province, city, language, page, referrer, session,
    ifNull(toString(amount), '') as amount, currency, source, toString(props) as props
from events
where product = {product:UInt32}
    and received >= {start:DateTime64(3, 'UTC')}
    and received < {end:DateTime64(3, 'UTC')}
    and batch < {imports:UInt64}
