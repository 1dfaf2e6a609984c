-- A purchase is shared among the touches before it. What nothing led to, as far as anybody saw, came directly: purchases
-- without a touch, those of guests whom nobody knows, and orders that are no purchase.
with models as (
    {% for model in attribution_models() %}
    select '{{ model }}' as attribution_model
    {{- ' union all' if not loop.last }}
    {%- endfor %}

),

untouched as (

    select
        orders.order_id,
        orders.customer_id,
        orders.ordered_on,
        orders.net_amount
    from {{ ref('orders') }} as orders
    anti join {{ ref('int_order_touches') }} as touches on orders.order_id = touches.order_id

)
{% for model in attribution_models() %}
select
    order_id,
    touch_id,
    '{{ model }}' as attribution_model,
    customer_id,
    ordered_on,
    channel,
    touch_kind,
    touched_at,
    {{ model }}_weight as weight,
    {{ model }}_amount as net_amount
from {{ ref('int_order_touches') }}
where {{ model }}_weight > 0
union all
{%- endfor %}
select
    untouched.order_id,
    cast(null as string),
    models.attribution_model,
    untouched.customer_id,
    untouched.ordered_on,
    'direct',
    'none',
    cast(null as timestamp),
    cast(1 as double),
    untouched.net_amount
from untouched
cross join models
