with source as (

    select
        *,
        {{ line_worth(parse_decimal('quantity', 3), parse_decimal('unit_price', 6)) }} as gross_amount,
        coalesce({{ clean_key('specification_code') }}, {{ clean_key('product_code') }}) as sold_code,
        count({{ clean_text('deal_amount') }}) over (partition by _batch, order_no) as items_with_share
    from {{ source('youzan', 'orders') }}

),

renamed as (

    select
        {{ source_key('youzan', 'order_no') }} || ':' || {{ place_within('order_no') }} as order_line_id,
        {{ source_key('youzan', 'order_no') }} as order_id,
        {{ source_key('youzan', 'sold_code') }} as product_id,
        {{ parse_decimal('quantity', 3) }} as quantity,
        gross_amount,
        -- With its share of what was taken off the order. Where the report leaves shares out, the order tells.
        cast(
            case
                when items_with_share = 0 then 0
                else gross_amount - {{ parse_decimal('deal_amount', 2) }}
            end as decimal(18,2)
        ) as discount_amount,
        _line, _batch, _landed_at
    from source

)

select * from renamed
