-- Rows of a file on their way in: nothing here counts. A run is moved to `events` when all of it has been
-- read, and its partition is dropped.
create table if not exists import_rows (
    run          UInt64,
    row          UInt64,
    content      FixedString(16),
    given        UInt8,
    event        LowCardinality(String),
    distinct_id  String codec(ZSTD(1)),
    ts           DateTime64(3, 'UTC') codec(Delta, ZSTD(1)),
    platform     LowCardinality(String),
    os           LowCardinality(String),
    os_version   LowCardinality(String),
    browser      LowCardinality(String),
    device       LowCardinality(String),
    app_version  LowCardinality(String),
    channel      LowCardinality(String),
    utm_source   LowCardinality(String),
    utm_medium   LowCardinality(String),
    utm_campaign LowCardinality(String),
    country      LowCardinality(String),
    province     LowCardinality(String),
    city         LowCardinality(String),
    language     LowCardinality(String),
    page         String codec(ZSTD(1)),
    referrer     String codec(ZSTD(1)),
    session      String codec(ZSTD(1)),
    amount       Nullable(Float64) codec(ZSTD(1)),
    currency     LowCardinality(String),
    source       LowCardinality(String),
    props        String codec(ZSTD(1))
)
engine = MergeTree
partition by run
order by (content, row)
settings fsync_after_insert = 1, fsync_part_directory = 1;

-- The uid of each sender id of a run, while it is moved.
create table if not exists import_ids (
    run         UInt64,
    distinct_id String,
    uid         UInt32
)
engine = MergeTree
partition by run
order by distinct_id;
