-- Who is who is kept for each product by itself (events/person_of.sql).
drop dictionary if exists person_of
