create database if not exists `$database`;
create or replace view `$database`.system_one as
select dummy from system.one;
create or replace view `$database`.system_settings as
select
    name,
    value,
    toUInt8(0) as changed,
    description,
    cast(null as Nullable(String)) as min,
    cast(null as Nullable(String)) as max,
    toUInt8(name not in ($open) and not startsWith(name, 'output_format_')) as readonly,
    type,
    default
from system.settings
where startsWith(name, 'output_format_')
    or name in ($open)
    or name in ($told);
create or replace view `$database`.system_databases as
select '$slug' as name, 'Atomic' as engine, '' as data_path, '' as metadata_path, '' as uuid, '' as comment;
create or replace view `$database`.system_tables as
select
    '$slug' as database,
    name,
    'View' as engine,
    toUInt8(0) as is_temporary,
    cast(null as Nullable(UInt64)) as total_rows,
    cast(null as Nullable(UInt64)) as total_bytes,
    '' as primary_key,
    '' as sorting_key,
    '' as partition_key,
    '' as create_table_query,
    comment
from system.tables as known
where known.database = '$database' and known.name in ($names);
create or replace view `$database`.system_columns as
select
    '$slug' as database,
    table,
    name,
    type,
    position,
    '' as default_kind,
    '' as default_expression,
    comment,
    toUInt8(0) as is_in_partition_key,
    toUInt8(0) as is_in_sorting_key,
    toUInt8(0) as is_in_primary_key
from system.columns as known
where known.database = '$database' and known.table in ($names);
create or replace view `$database`.system_functions as
select name, is_aggregate, case_insensitive, alias_to
from system.functions
where origin = 'System'
