with source as (

    select * from {{ source('cdnow', 'purchases') }}

),

renamed as (

    select
        {{ source_key('cdnow', 'purchase_number') }} || ':1' as order_line_id,
        {{ source_key('cdnow', 'purchase_number') }} as order_id,
        {{ parse_decimal('cds', 3) }} as quantity,
        {{ parse_decimal('dollars', 2) }} as gross_amount,
        cast(0 as decimal(18,2)) as discount_amount,
        _line, _batch, _landed_at
    from source

)

select * from renamed
