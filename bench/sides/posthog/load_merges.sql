insert into person_distinct_id_overrides
select 1, anonymous_id, toUUID(UUIDNumToString(MD5(assumeNotNull(distinct_id)))), 0, 1
from file('$file', Parquet)
