-- What is computed or decided about persons: one row for each person of whom a fact says something. A fact is
-- written as a whole under a version of its own, which counts when the operational database says so; a version
-- is a partition, so that the one that it replaces goes without a trace. `uid` was a person when it was written.
create table if not exists facts (
    version UInt64,
    product UInt32,
    name    LowCardinality(String),
    uid     UInt32,
    value   String codec(ZSTD(1))
)
engine = MergeTree
partition by version
order by (product, name, uid)
settings fsync_after_insert = 1, fsync_part_directory = 1
