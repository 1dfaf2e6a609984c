-- A line beyond all reason is refused, and one that is only rare is told of: both by how many times it is as large as is
-- typical of its source. Of a return both quantity and money are below zero.
with converted as {{ computed_where_read() }} (

    select
        delivered.*,
        orders.ordered_on,
        {{ converted('delivered.gross_amount', 'orders.exchange_rate') }} as converted_gross_amount,
        {{ converted('delivered.discount_amount', 'orders.exchange_rate') }} as converted_discount_amount,
        cast(delivered.gross_amount - delivered.discount_amount as decimal(18,2)) as delivered_amount
    from {{ ref('int_order_lines_delivered') }} as delivered
    left join {{ ref('int_orders') }} as orders on delivered.order_id = orders.order_id

),

typical as (

    select
        source_system,
        {{ typical_size('converted_gross_amount') }} as typical_amount,
        {{ typical_size('quantity') }} as typical_quantity
    from converted
    where delivery_number is not null
        and _row_kind is null
    group by source_system

),

validated as (

    select
        converted.*,
        coalesce(abs(converted_gross_amount) > {{ var('outlier_ratio') }} * typical.typical_amount, false) as is_outlier,
        case
            {{ refuse_key('order_line_id') }}
            when ordered_on is null then 'order_missing' -- an order that counts has a day
            when converted_gross_amount is null then 'amount_unreadable'
            when converted_discount_amount is null then 'amount_unreadable'
            when quantity is null then 'quantity_unreadable'
            when quantity < 0 and converted_gross_amount > 0 then 'quantity_contradicts_amount'
            when greatest(abs(converted_gross_amount), abs(converted_discount_amount))
                > {{ var('beyond_reason_ratio') }} * typical.typical_amount
                then 'amount_beyond_reason'
            when abs(quantity) > {{ var('beyond_reason_ratio') }} * typical.typical_quantity then 'quantity_beyond_reason'
        end as reason_code
    from converted
    left join typical on converted.source_system = typical.source_system

),

{{ deduplicated('validated', 'order_lines', 'order_line_id') }}

select * from deduplicated
