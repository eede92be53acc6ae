-- The staged rows of one slice of a run that the product does not have yet, each with its uuid.
-- Of equal rows the k-th gets the k-th uuid of that content, so that a later import of the same rows, in
-- any order and among others, finds them taken.
with
    numbered as (
        select *, row_number() over (partition by content order by row) as occurrence
        from import_rows
        where run = {run:UInt64}
            and content between toFixedString(unhex({low:String}), 16)
                and toFixedString(unhex({high:String}), 16)
    ),
    identified as (
        select
            * except (uuid_bytes),
            toUUID(UUIDNumToString(uuid_bytes)) as uuid
        from (
            select
                *,
                if(given, content, MD5(concat(content, toString(occurrence)))) as uuid_bytes
            from numbered
            where occurrence = 1 or not (given or {dedupe:Bool})
        )
    ),
    taken as (
        select uuid
        from event_ids
        where product = {product:UInt32} and uuid in (select uuid from identified)
    ),
    fresh as (
        select * from identified where uuid not in (select uuid from taken)
    )
