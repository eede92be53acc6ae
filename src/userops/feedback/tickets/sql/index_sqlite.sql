-- the words of tickets, indexed where they stand (an external-content table); triggers keep them in step
create virtual table tickets_search using fts5(
    tokens, content = 'tickets_tickettext', content_rowid = 'ticket_id', tokenize = 'unicode61 remove_diacritics 0'
);

create trigger tickets_search_added after insert on tickets_tickettext begin
    insert into tickets_search (rowid, tokens) values (new.ticket_id, new.tokens);
end;

create trigger tickets_search_removed after delete on tickets_tickettext begin
    insert into tickets_search (tickets_search, rowid, tokens) values ('delete', old.ticket_id, old.tokens);
end;

create trigger tickets_search_changed after update on tickets_tickettext begin
    insert into tickets_search (tickets_search, rowid, tokens) values ('delete', old.ticket_id, old.tokens);
    insert into tickets_search (rowid, tokens) values (new.ticket_id, new.tokens);
end;
