-- The touches before each purchase, and what each of them gets of it by every model of attribution.
-- Cents are shared by what the touches so far get together, rounded: what one gets is never a cent off its share, the
-- parts add up to the whole, and orders need no sorting by remainders. Without an epsilon the half of a cent would fall
-- as the last digit of a double does.
with effects as (

    select
        feature as channel,
        value
    from {{ ref('int_current_parameters') }}
    where model = 'markov'

),

touched as (

    select
        purchases.order_id,
        purchases.ordered_on,
        cast(purchases.net_amount * 100 as double) as net_cents,
        paths.touch_id,
        paths.customer_id,
        paths.channel,
        paths.touch_kind,
        paths.touched_at,
        paths.touched_on,
        {{ days_between('paths.touched_on', 'purchases.ordered_on') }} as days_before,
        coalesce(effects.value, others.value) as effect,
        cast(
            row_number() over (
                partition by purchases.order_id
                order by paths.touch_number nulls last, paths.touch_id nulls last
            ) as bigint
        ) as touch_number,
        count(*) over (partition by purchases.order_id) as touch_count,
        count(*) over (partition by purchases.order_id, paths.channel) as channel_touch_count
    from {{ ref('int_touch_paths') }} as paths
    inner join {{ ref('int_purchase_sessions') }} as purchases
        on paths.customer_id = purchases.customer_id
        and paths.purchased_on = purchases.ordered_on
    left join effects on paths.channel = effects.channel
    left join effects as others on others.channel is null
    where coalesce(paths.touched_at <= purchases.ordered_at, true)

),

weighed as (

    -- Of each order: the place of the last touch that is not direct, and what touches are worth in proportion.
    select
        touched.*,
        max(case when channel <> 'direct' then touch_number end) over of_order as last_non_direct,
        power(
            0.5,
            cast(days_before - min(days_before) over of_order as double) / {{ var('attribution_half_life_days') }}
        ) as decayed,
        case when max(effect) over of_order > 0 then effect / max(effect) over of_order else 1 end
            / channel_touch_count as channel_worth
    from touched
    window of_order as (partition by order_id)

),

shared as (

    -- Sums of decimals are the same in whatever order they are added up, those of doubles are not.
    select
        weighed.*,
        case when touch_number = 1 then 1.0e0 else 0.0e0 end as first_weight,
        case when touch_number = touch_count then 1.0e0 else 0.0e0 end as last_weight,
        case when touch_number = coalesce(last_non_direct, touch_count) then 1.0e0 else 0.0e0 end
            as last_non_direct_weight,
        1.0e0 / touch_count as linear_weight,
        decayed / cast(sum(cast(decayed as decimal(38,20))) over of_order as double) as time_decay_weight,
        case
            when touch_count <= 2 then 1.0e0 / touch_count
            when touch_number in (1, touch_count) then {{ var('attribution_end_share') }}
            else (1 - 2.0e0 * {{ var('attribution_end_share') }}) / (touch_count - 2)
        end as position_based_weight,
        channel_worth / cast(sum(cast(channel_worth as decimal(38,20))) over of_order as double) as markov_weight
    from weighed
    window of_order as (partition by order_id)

),

summed as (

    select
        shared.*
        {%- for model in attribution_models() %},
        cast(floor(net_cents * sum({{ model }}_weight) over so_far + 0.500001) as bigint) as {{ model }}_cents
        {%- endfor %}
    from shared
    window so_far as (partition by order_id order by touch_number nulls last, touch_id nulls last)

)

select
    order_id,
    touch_id,
    customer_id,
    ordered_on,
    channel,
    touch_kind,
    touched_at,
    touched_on,
    touch_number,
    touch_count
    {%- for model in attribution_models() %},
    cast({{ model }}_weight as double) as {{ model }}_weight,
    cast(
        ({{ model }}_cents - coalesce(lag({{ model }}_cents) over so_far, 0)) * 0.01 as decimal(18,2)
    ) as {{ model }}_amount
    {%- endfor %}
from summed
window so_far as (partition by order_id order by touch_number nulls last, touch_id nulls last)
