-- The staged rows of one slice of a run, each with its number.
-- Of equal rows the k-th gets the k-th number of that content, so that a later import of the same rows, in
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
            reinterpretAsUInt64(substring(MD5(uuid_bytes), 1, 8)) as id
        from (
            select
                *,
                if(given, content, MD5(concat(content, toString(occurrence)))) as uuid_bytes
            from numbered
            where occurrence = 1 or not (given or {dedupe:Bool})
        )
    )
