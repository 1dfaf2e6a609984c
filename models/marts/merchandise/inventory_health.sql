-- How each shelf stands. What has never sold is dead once it has been counted for as long as what has sold and does no more: what
-- has just come is not, nor too much, before it is known how it sells. What is too much in one store is offered to one that has
-- to order in the same region: the largest surplus to the largest need, the second to the second, one partner each, so that
-- nobody drives in circles. Where no region is known, nobody knows who is near.
{%- set long_ago = "cast(positions.as_of_date - interval '" ~ whole_number('dead_stock_days', 1) ~ "' day as date)" %}
{%- set is_dead = 'coalesce(positions.last_sold_on, positions.first_counted_on) < ' ~ long_ago %}

with judged as (

    select
        positions.*,
        points.weekly_quantity,
        points.reorder_point,
        points.target_quantity,
        points.reorder_quantity,
        stores.region,
        {{ is_dead }} as is_dead,
        case
            when points.weekly_quantity > 0 or {{ is_dead }} then greatest(
                cast(positions.on_hand_quantity as double) - points.target_quantity
                    - points.weekly_quantity * {{ whole_number('overstock_days', 0) }} / 7, 0
            )
            else 0
        end as overstock_quantity,
        7 * cast(positions.on_hand_quantity as double) / nullif(points.weekly_quantity, 0) as days_of_cover
    from {{ ref('int_stock_positions') }} as positions
    inner join {{ ref('int_reorder_points') }} as points
        on positions.product_id = points.product_id
        and positions.store_id = points.store_id
    left join {{ ref('stores') }} as stores on positions.store_id = stores.store_id

),

ranked as (

    select
        *,
        row_number() over (partition by product_id, region order by overstock_quantity desc nulls last, store_id nulls last)
            as surplus_place,
        row_number() over (partition by product_id, region order by reorder_quantity desc nulls last, store_id nulls last)
            as need_place
    from judged

),

transfers as (

    select
        giving.product_id,
        giving.store_id as from_store_id,
        taking.store_id as to_store_id,
        floor(least(giving.overstock_quantity, taking.reorder_quantity)) as transfer_quantity
    from ranked as giving
    inner join ranked as taking
        on giving.product_id = taking.product_id
        and giving.region = taking.region
        and giving.surplus_place = taking.need_place
    where giving.overstock_quantity >= 1
        and taking.reorder_quantity >= 1

)

select
    judged.product_id,
    judged.store_id,
    judged.category,
    judged.counted_on,
    case
        when judged.on_hand_quantity <= 0 then 'out'
        when judged.is_dead then 'dead'
        when judged.weekly_quantity > 0 and judged.on_hand_quantity <= judged.reorder_point then 'low'
        when judged.overstock_quantity >= 1 then 'over'
        when judged.days_of_cover > {{ whole_number('slow_cover_days', 1) }} then 'slow'
        else 'healthy'
    end as stock_status,
    coalesce(gives.to_store_id, takes.from_store_id) as transfer_store_id,

    cast(judged.on_hand_quantity as decimal(18,3)) as on_hand_quantity,
    judged.on_order_quantity,
    judged.weekly_quantity,
    judged.days_of_cover,
    judged.lead_time_days,
    judged.stock_out_days,
    judged.lost_quantity,
    judged.reorder_point,
    judged.target_quantity,
    judged.reorder_quantity,
    judged.overstock_quantity,
    cast(coalesce(takes.transfer_quantity, -gives.transfer_quantity, 0) as bigint) as transfer_quantity,

    {{ round_half_up('cast(judged.on_hand_quantity as double) * judged.unit_cost_amount', 2) }} as stock_amount,
    {{ round_half_up('judged.overstock_quantity * judged.unit_cost_amount', 2) }} as overstock_amount,
    {{ round_half_up('cast(judged.lost_quantity as double) * judged.unit_amount', 2) }} as lost_amount
from judged
left join transfers as gives on judged.product_id = gives.product_id and judged.store_id = gives.from_store_id
left join transfers as takes on judged.product_id = takes.product_id and judged.store_id = takes.to_store_id
