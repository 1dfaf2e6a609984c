with landed as (

    select * from {{ ref('int_stock_levels_landed') }}

),

validated as (

    select
        landed.*,
        case
            when stock_level_id is null then 'key_missing'
            {{ refuse_date('counted_on') }}
            when on_hand_quantity is null then 'quantity_unreadable'
        end as reason_code
    from landed

),

settled as (

    {{ settle_deliveries('validated', 'stock_level_id') }}

)

select * from settled
