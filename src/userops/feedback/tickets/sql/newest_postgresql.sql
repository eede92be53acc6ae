select ticket_id from tickets_tickettext where to_tsvector('simple', tokens) @@ to_tsquery('simple', %s)
order by ticket_id desc limit %s
