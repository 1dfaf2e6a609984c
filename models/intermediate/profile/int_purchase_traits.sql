-- What each purchase says of its customer: when, how and where it was made, what it held, how much at once. Of every trait
-- `whole_amount` is what an item's `amount` is a part of: one purchase, or the lines of it that may be discounted. Where a purchase has
-- several items of a trait, as it has categories, the whole is a row without an item, so that it counts once. A purchase counts from its
-- day on until it leaves the window, or until it is none any more, and so as it stood on each day of analysis.
{%- set window_days = whole_number('tag_window_days', 1) %}

with orders as (

    select
        orders.order_id,
        orders.channel,
        nullif(nullif(orders.region, 'no_store'), 'unknown') as region,
        days.day_kind,
        days.iso_weekday as day_of_week,
        parts.daypart,
        days.day_kind || '_' || parts.daypart as moment,
        greatest(orders.gross_amount - orders.discount_amount, 0) as sales_amount
    from {{ ref('int_kpi_orders') }} as orders
    left join {{ ref('int_calendar_days') }} as days on orders.ordered_on = days.calendar_day
    left join {{ ref('dayparts') }} as parts on orders.ordered_hour = parts.hour_of_day
    where orders.customer_id is not null

),

lines as (

    select
        lines.order_id,
        products.category,
        products.brand,
        lines.gross_amount > 0 as has_price,
        lines.discount_amount > 0 as is_discounted
    from {{ ref('int_order_lines') }} as lines
    left join {{ accepted('products') }} as products on lines.product_id = products.product_id
    where lines.quantity > 0

),

traits as (

    {%- for trait in ['channel', 'region', 'day_kind', 'day_of_week', 'daypart', 'moment'] %}
    select order_id, '{{ trait }}' as trait, cast({{ trait }} as string) as item, 1 as amount, 1 as whole_amount
    from orders
    where {{ trait }} is not null
    union all
    {%- endfor %}
    {%- for trait in ['category', 'brand'] %}
    select
        order_id, '{{ trait }}', {{ trait }},
        case when grouping({{ trait }}) = 1 then 0 else 1 end,
        case when grouping({{ trait }}) = 1 then 1 else 0 end
    from lines
    where {{ trait }} is not null
    group by grouping sets ((order_id, {{ trait }}), (order_id))
    union all
    {%- endfor %}
    select order_id, 'discount', 'discounted', count(*) filter (where is_discounted), count(*)
    from lines
    where has_price
    group by order_id
    union all
    select order_id, 'basket_lines', 'mean', count(*), 1
    from lines
    group by order_id
    union all
    select order_id, 'basket_amount', 'mean', sales_amount, 1
    from orders

)

select
    purchases.customer_id,
    split_part(purchases.order_id, ':', 1) as source_system,
    traits.trait,
    traits.item,
    cast(traits.amount as decimal(18,2)) as amount,
    cast(traits.whole_amount as decimal(18,2)) as whole_amount,
    purchases.effective_from as counted_from,
    least(
        coalesce(purchases.effective_to, purchases.ordered_on + {{ window_days }}), purchases.ordered_on + {{ window_days }}
    ) as counted_until
from {{ ref('int_purchases') }} as purchases
inner join traits on purchases.order_id = traits.order_id
