with validated as (

    select
        delivered.*,
        case
            {{ refuse_key('stock_level_id') }}
            {{ refuse_date('counted_on') }}
            when on_hand_quantity is null then 'quantity_unreadable'
        end as reason_code
    from {{ ref('int_stock_levels_delivered') }} as delivered

),

{{ deduplicated('validated', 'stock_levels', 'stock_level_id') }}

select * from deduplicated
