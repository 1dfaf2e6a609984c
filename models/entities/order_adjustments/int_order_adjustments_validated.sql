-- Whether an adjustment is revenue says the source, where it knows, and else its kind.
with attached as (

    select
        delivered.*,
        orders.order_id as known_order_id,
        orders.ordered_on,
        kinds.adjustment_kind as known_kind,
        kinds.placement,
        coalesce(
            delivered.counts_as_revenue,
            kinds.counts_{{ chosen('gift_cards_count', ['at_use', 'at_sale']) }}
        ) as is_revenue,
        {{ converted('delivered.adjustment_amount', 'orders.exchange_rate') }} as converted_amount,
        delivered.adjustment_amount as delivered_amount
    from {{ ref('int_order_adjustments_delivered') }} as delivered
    left join {{ ref('int_orders') }} as orders on delivered.order_id = orders.order_id
    left join {{ ref('order_adjustment_kinds') }} as kinds
        on delivered.adjustment_kind = kinds.adjustment_kind

),

validated as (

    select
        attached.*,
        case
            {{ refuse_key('adjustment_id') }}
            when known_order_id is null then 'order_missing'
            when known_kind is null then 'type_unknown'
            when converted_amount is null then 'amount_unreadable'
        end as reason_code
    from attached

),

{{ deduplicated('validated', 'order_adjustments', 'adjustment_id') }}

select * from deduplicated
