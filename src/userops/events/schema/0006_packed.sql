-- Numbers of taken messages packed by their bits instead of whole bytes; properties a little harder. What is
-- stored already is packed so when it is merged.
alter table taken modify column id UInt64 codec(Delta, T64('bit'), ZSTD(1));

alter table events modify column props JSON(max_dynamic_paths = 256) codec(ZSTD(3));

-- Rows of an import are staged once and read once: merged seldom, in large steps.
alter table import_keys modify setting min_parts_to_merge_at_once = 20
