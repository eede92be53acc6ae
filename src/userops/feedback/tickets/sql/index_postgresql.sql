create index tickets_search on tickets_tickettext using gin (to_tsvector('simple', tokens));
