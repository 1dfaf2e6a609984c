with landed as (

    select * from {{ ref('int_order_lines_landed') }}

),

orders as (

    select * from {{ ref('int_orders') }}

),

validated as (

    select
        landed.*,
        orders.ordered_on,
        orders.exchange_rate,
        landed.gross_amount - landed.discount_amount as delivered_amount,
        case
            when landed.order_line_id is null then 'key_missing'
            when orders.order_id is null then 'order_missing'
            when landed.gross_amount is null then 'amount_unreadable'
            when landed.discount_amount is null then 'amount_unreadable'
            when landed.quantity is null then 'quantity_unreadable'
        end as reason_code
    from landed
    left join orders on landed.order_id = orders.order_id

),

settled as (

    {{ settle_deliveries('validated', 'order_line_id') }}

)

select * from settled
