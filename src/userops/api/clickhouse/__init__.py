"""The door for standard ClickHouse clients: the HTTP interface of ClickHouse at `/clickhouse/`, read-only.

An API token is the password; the database is a product's slug; the user's name may be one too, and is
otherwise ignored. What may be asked is what the SQL page may ask (`userops.sql`), with the permission to
export people, because whole tables leave through here.
"""
