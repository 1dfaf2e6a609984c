with converted as (

    select
        delivered.*,
        orders.order_id as known_order_id,
        orders.ordered_on,
        {{ converted('delivered.gross_amount', 'orders.exchange_rate') }} as converted_gross_amount,
        {{ converted('delivered.discount_amount', 'orders.exchange_rate') }} as converted_discount_amount,
        cast(delivered.gross_amount - delivered.discount_amount as decimal(18,2)) as delivered_amount
    from {{ ref('int_order_lines_delivered') }} as delivered
    left join {{ ref('int_orders') }} as orders on delivered.order_id = orders.order_id

),

validated as (

    select
        converted.*,
        case
            {{ refuse_key('order_line_id') }}
            when known_order_id is null then 'order_missing'
            when converted_gross_amount is null then 'amount_unreadable'
            when converted_discount_amount is null then 'amount_unreadable'
            when quantity is null then 'quantity_unreadable'
        end as reason_code
    from converted

),

{{ deduplicated('validated', 'order_lines', 'order_line_id') }}

select * from deduplicated
