with source as (

    select * from {{ source('landing', 'rejected_lines') }}

),

renamed as (

    select
        source as source_system,
        feed,
        file as _file,
        line as _line,
        text as line_text,
        reason_code,
        _batch,
        _landed_at
    from source

)

select * from renamed
