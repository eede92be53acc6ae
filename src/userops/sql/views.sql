create database if not exists `$database`;
create or replace view `$database`.events as
select
    event,
    toTimeZone(ts, '$zone') as ts,
    dictGetOrDefault('$home.person_of', 'person', bitShiftLeft(toUInt64(product), 32) + uid, uid) as person,
    toTimeZone(received, '$zone') as received,
    $fields,
    props
from `$home`.events
where product = $product;
create or replace view `$database`.profiles as
select person, props
from `$home`.profiles final
where product = $product and not gone;
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
    toUInt8(not startsWith(name, 'output_format_')) as readonly,
    type,
    default
from system.settings
where startsWith(name, 'output_format_')
    or name in (
        'max_block_size', 'max_threads', 'max_execution_time', 'max_result_rows', 'max_result_bytes', 'limit',
        'offset', 'extremes', 'join_use_nulls', 'date_time_input_format', 'date_time_output_format',
        'session_timezone', 'readonly', 'send_progress_in_http_headers', 'wait_end_of_query', 'enable_http_compression',
        'http_headers_progress_interval_ms', 'cancel_http_readonly_queries_on_client_close'
    );
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
