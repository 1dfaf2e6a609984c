with source as (

    select * from {{ source('landing', 'deliveries') }}

),

renamed as (

    select
        event as event_number,
        source as source_system,
        feed,
        file,
        batch,
        delivery_order,
        status,
        reason,
        landed_at,
        lines_physical,
        lines_header,
        lines_blank,
        lines_accepted,
        lines_quarantined,
        rows_accepted,
        columns_missing,
        columns_added
    from source

)

select * from renamed
