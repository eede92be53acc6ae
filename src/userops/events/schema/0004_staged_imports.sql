-- Imports are staged as they will be stored (decision 11): the events of a run in a table of its own, made like
-- `events`, so that its parts only have to be attached; beside it what tells its rows apart.
drop table if exists import_rows;

-- One row for each readable row of the file: its content, and which of equal ones it is. `id` is what `taken`
-- keeps of it.
create table if not exists import_keys (
    run     UInt64,
    row     UInt64,
    content FixedString(16),
    given   UInt8,
    copy    UInt32,
    id      UInt64 default reinterpretAsUInt64(substring(MD5(if(given, content, MD5(concat(content, toString(copy))))), 1, 8))
)
engine = MergeTree
partition by run
order by content
settings index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1;

-- What is wholly staged: rows up to `last`, those of events with `received` up to this.
create table if not exists import_chunks (
    run      UInt64,
    last     UInt64,
    received DateTime64(3, 'UTC'),
    fresh    UInt64,
    repeated UInt64
)
engine = MergeTree
partition by run
order by last
settings fsync_after_insert = 1, fsync_part_directory = 1;

-- The uids of a run that are other ones in the end than when they were staged.
create table if not exists import_moves (
    run    UInt64,
    staged UInt32,
    uid    UInt32
)
engine = MergeTree
partition by run
order by staged;

-- Profiles of a run, in the order of the file.
create table if not exists import_profiles (
    run         UInt64,
    row         UInt64,
    distinct_id String codec(ZSTD(1)),
    props       String codec(ZSTD(1))
)
engine = MergeTree
partition by run
order by row
settings fsync_after_insert = 1, fsync_part_directory = 1
