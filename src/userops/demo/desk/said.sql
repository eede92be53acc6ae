-- the feedback that users submitted in the app
select
    uid,
    toUnixTimestamp64Milli(ts) as at,
    platform,
    app_version,
    toString(props.topic) as topic,
    toInt64OrZero(toString(props.rating)) as rating,
    toString(props.text) as text
from events
where product = {product:UInt32} and event = 'feedback_submit'
order by at, uid
