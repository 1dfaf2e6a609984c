with validated as (

    select
        delivered.*,
        case
            when stock_level_id is null then 'key_missing'
            {{ refuse_date('counted_on') }}
            when on_hand_quantity is null then 'quantity_unreadable'
        end as reason_code
    from {{ ref('int_stock_levels_delivered') }} as delivered

),

{{ deduplicated('validated', 'stock_levels', 'stock_level_id') }}

select * from deduplicated
