with landed as (

    select * from {{ ref('int_order_lines_landed') }}

),

orders as (

    select * from {{ ref('int_orders') }}

),

converted as (

    select
        landed.*,
        orders.order_id as known_order_id,
        orders.ordered_on,
        {{ times('landed.gross_amount', 'orders.exchange_rate') }} as converted_gross_amount,
        {{ times('landed.discount_amount', 'orders.exchange_rate') }} as converted_discount_amount,
        cast(landed.gross_amount - landed.discount_amount as decimal(18,2)) as delivered_amount
    from landed
    left join orders on landed.order_id = orders.order_id

),

validated as (

    select
        converted.*,
        case
            when order_line_id is null then 'key_missing'
            when known_order_id is null then 'order_missing'
            when converted_gross_amount is null then 'amount_unreadable'
            when converted_discount_amount is null then 'amount_unreadable'
            when quantity is null then 'quantity_unreadable'
        end as reason_code
    from converted

),

settled as (

    {{ settle_deliveries('validated', 'order_line_id') }}

)

select * from settled
