-- One row per event. `uid` is the user that the sending id belongs to; `people` tells which person
-- that user is today, so merging and its undo never rewrite an event.
-- Rows of a batch count only once its batch is recorded as done in the operational database.
create table if not exists events (
    product      UInt32,
    event        LowCardinality(String),
    uid          UInt32,
    ts           DateTime64(3, 'UTC') codec(Delta, ZSTD(1)),
    uuid         UUID,
    batch        UInt64 codec(Delta, ZSTD(1)),
    received     DateTime64(3, 'UTC') codec(Delta, ZSTD(1)),
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
    props        JSON(max_dynamic_paths = 256),
    index batch_range batch type minmax granularity 1,
    index uid_range uid type bloom_filter(0.01) granularity 4
)
engine = MergeTree
partition by toYYYYMM(ts)
order by (product, event, uid, ts)
settings fsync_after_insert = 1, fsync_part_directory = 1;

-- Every uuid ever taken, so that a resent event counts once.
create table if not exists event_ids (
    product UInt32,
    uuid    UUID,
    batch   UInt64,
    index batch_range batch type minmax granularity 1
)
engine = MergeTree
order by (product, uuid)
settings index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1;

create materialized view if not exists event_ids_feed to event_ids as
select product, uuid, batch from events;

-- uid → person, only for users who are merged into another. The newest version wins.
create table if not exists people (
    product UInt32,
    uid     UInt32,
    person  UInt32,
    version UInt64,
    batch   UInt64
)
engine = ReplacingMergeTree(version)
order by (product, uid)
settings fsync_after_insert = 1, fsync_part_directory = 1;

create dictionary if not exists person_of (
    key    UInt64,
    person UInt32
)
primary key key
source(clickhouse($login query 'select bitShiftLeft(toUInt64(product), 32) + uid as key, argMax(person, version) as person from $database.people group by product, uid having person != uid'))
layout(hashed())
lifetime(0);

-- What is known about each person today: a copy of the operational database, for filters and breakdowns.
create table if not exists profiles (
    product UInt32,
    person  UInt32,
    version UInt64,
    batch   UInt64,
    gone    UInt8,
    props   JSON(max_dynamic_paths = 256)
)
engine = ReplacingMergeTree(version)
order by (product, person)
settings fsync_after_insert = 1, fsync_part_directory = 1
