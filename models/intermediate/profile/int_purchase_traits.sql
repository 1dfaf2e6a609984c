-- What each purchase says of its customer: when, how and where it was made, what it held, how much at once. Of every trait
-- `whole_amount` is what an item's `amount` is a part of: one purchase, or the lines of it that may be discounted. Where a purchase has
-- several items of a trait, as it has categories, the whole is a row without an item, so that it counts once. A purchase counts from its
-- day on until it leaves the window, or until it is none any more, and so as it stood on each day of analysis.
{%- set window_days = whole_number('tag_window_days', 1) %}
{%- set of_orders = ['channel', 'region', 'day_kind', 'day_of_week', 'daypart', 'moment', 'basket_amount'] %}
{%- set of_several_items = ['category', 'brand'] %}

with purchases as (

    select
        order_id,
        customer_id,
        net_amount,
        split_part(order_id, ':', 1) as source_system,
        effective_from as counted_from,
        least(coalesce(effective_to, ordered_on + {{ window_days }}), ordered_on + {{ window_days }}) as counted_until
    from {{ ref('int_purchases') }}
    where customer_id is not null

),

orders as (

    select
        purchases.*,
        nullif(orders.channel, 'unknown') as channel,
        nullif(nullif(orders.region, 'no_store'), 'unknown') as region,
        days.day_kind,
        cast(days.iso_weekday as string) as day_of_week,
        parts.daypart,
        days.day_kind || '_' || parts.daypart as moment,
        'mean' as basket_amount
    from purchases
    inner join {{ ref('int_kpi_orders') }} as orders on purchases.order_id = orders.order_id
    left join {{ ref('int_calendar_days') }} as days on orders.ordered_on = days.calendar_day
    left join {{ ref('dayparts') }} as parts on orders.ordered_hour = parts.hour_of_day

),

baskets as (

    select
        lines.order_id,
        grouping(products.category) = 0 as is_of_category,
        grouping(products.brand) = 0 as is_of_brand,
        products.category,
        products.brand,
        count(products.category) > 0 as has_category,
        count(products.brand) > 0 as has_brand,
        count(*) as line_count,
        count(*) filter (where lines.gross_amount > 0) as priced_count,
        count(*) filter (where lines.gross_amount > 0 and lines.discount_amount > 0) as discounted_count
    from {{ ref('int_order_lines') }} as lines
    left join {{ accepted('products') }} as products on lines.product_id = products.product_id
    where lines.quantity > 0
    group by grouping sets ((lines.order_id, products.category), (lines.order_id, products.brand), (lines.order_id))

),

told as (

    -- By a list of traits, and not by a select for each, since that would keep every line to read it again.
    select
        orders.customer_id, orders.source_system, orders.counted_from, orders.counted_until,
        kinds.trait,
        case kinds.trait {% for trait in of_orders %} when '{{ trait }}' then orders.{{ trait }}{% endfor %} end as item,
        case when kinds.trait = 'basket_amount' then orders.net_amount else 1 end as amount,
        1 as whole_amount
    from orders
    cross join (
        {%- for trait in of_orders %} select '{{ trait }}' as trait {{- ' union all' if not loop.last }}{% endfor %}
    ) as kinds
    union all
    select
        purchases.customer_id, purchases.source_system, purchases.counted_from, purchases.counted_until,
        kinds.trait,
        case kinds.trait
            {%- for trait in of_several_items %} when '{{ trait }}' then baskets.{{ trait }}{% endfor %}
            when 'discount' then 'discounted' when 'basket_lines' then 'mean'
        end,
        case kinds.trait
            when 'discount' then baskets.discounted_count when 'basket_lines' then baskets.line_count
            else case when kinds.is_item then 1 else 0 end
        end,
        case kinds.trait
            when 'discount' then baskets.priced_count when 'basket_lines' then 1
            else case when kinds.is_item then 0 else 1 end
        end
    from purchases
    inner join baskets on purchases.order_id = baskets.order_id
    inner join (
        {%- for trait in of_several_items %}
        select '{{ trait }}' as trait, true as is_item union all
        select '{{ trait }}', false union all
        {%- endfor %}
        select 'discount', false union all
        select 'basket_lines', false
    ) as kinds
        on (kinds.trait = 'category' and kinds.is_item) = baskets.is_of_category
        and (kinds.trait = 'brand' and kinds.is_item) = baskets.is_of_brand
    where not (kinds.trait = 'category' and not baskets.has_category)
        and not (kinds.trait = 'brand' and not baskets.has_brand)
        and not (kinds.trait = 'discount' and baskets.priced_count = 0)

)

select
    customer_id,
    source_system,
    trait,
    item,
    cast(amount as decimal(18,2)) as amount,
    cast(whole_amount as decimal(18,2)) as whole_amount,
    counted_from,
    counted_until
from told
where item is not null
    or trait in ('{{ of_several_items | join("', '") }}')
