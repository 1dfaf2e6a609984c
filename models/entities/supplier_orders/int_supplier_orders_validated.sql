-- What is on its way has no day of delivery yet, and what is due may lie in the future.
with validated as (

    select
        delivered.*,
        case
            {{ refuse_key('supplier_order_id') }}
            {{ refuse_date('ordered_on') }}
            when product_id is null then 'product_missing'
            when delivered_on < ordered_on then 'ends_before_start'
            when {{ after_delivery('delivered_on') }} then 'after_delivery'
            when quantity is null then 'quantity_unreadable'
        end as reason_code
    from {{ ref('int_supplier_orders_delivered') }} as delivered

),

{{ deduplicated('validated', 'supplier_orders', 'supplier_order_id') }}

select * from deduplicated
