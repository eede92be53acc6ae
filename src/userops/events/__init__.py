"""The event store: engine, schema, doors in, identity, exactly-once ingest, quality."""
