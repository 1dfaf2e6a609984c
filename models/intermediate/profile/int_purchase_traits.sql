-- What each purchase says of its customer: when, how and where it was made, what it held, how much at once. Of every trait
-- `whole_amount` is what an item's `amount` is a part of: one purchase, or the lines of it that may be discounted. Where a purchase has
-- several items of a trait, as it has categories, the whole is a row without an item, so that it counts once. Lines are counted by numbers.
{%- set of_orders = ['channel', 'region', 'day_kind', 'day_of_week', 'daypart', 'moment', 'basket_amount'] %}
{%- set of_several_items = ['category', 'brand'] %}

with orders as (

    select
        purchases.*,
        orders.channel,
        orders.region,
        days.day_kind,
        cast(days.iso_weekday as string) as day_of_week,
        parts.daypart,
        days.day_kind || '_' || parts.daypart as moment,
        'mean' as basket_amount
    from {{ ref('int_numbered_purchases') }} as purchases
    inner join {{ ref('int_kpi_orders') }} as orders on purchases.order_id = orders.order_id
    left join {{ ref('int_calendar_days') }} as days on purchases.ordered_on = days.calendar_day
    left join {{ ref('dayparts') }} as parts on orders.ordered_hour = parts.hour_of_day

),

products as (

    select
        products.product_id,
        {%- for trait in of_several_items %}
        {{ trait }}_items.item_number as {{ trait }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ accepted('products') }} as products
    {%- for trait in of_several_items %}
    left join {{ ref('int_trait_items') }} as {{ trait }}_items
        on {{ trait }}_items.trait = '{{ trait }}'
        and products.{{ trait }} = {{ trait }}_items.item
    {%- endfor %}

),

baskets as (

    select
        orders.order_number,
        grouping(products.category) = 0 as is_of_category, grouping(products.brand) = 0 as is_of_brand,
        coalesce(products.category, products.brand) as item_number,
        count(products.category) > 0 as has_category,
        count(products.brand) > 0 as has_brand,
        count(*) as line_count,
        count(*) filter (where lines.gross_amount > 0) as priced_count,
        count(*) filter (where lines.gross_amount > 0 and lines.discount_amount > 0) as discounted_count
    from {{ ref('int_order_lines') }} as lines
    inner join (select distinct order_id, order_number from {{ ref('int_numbered_purchases') }}) as orders
        on lines.order_id = orders.order_id
    left join products on lines.product_id = products.product_id
    where lines.quantity > 0
    group by grouping sets ((orders.order_number, products.category), (orders.order_number, products.brand), (orders.order_number))

),

told as (

    -- By a list of traits, and not by a select for each, since that would keep every line to read it again.
    select
        orders.order_number, orders.customer_number, orders.source_system, items.item_number,
        orders.ordered_on, orders.counted_from, orders.counted_until,
        case when items.trait = 'basket_amount' then orders.net_amount else 1 end as amount,
        1 as whole_amount
    from orders
    cross join (
        {%- for trait in of_orders %} select '{{ trait }}' as trait {{- ' union all' if not loop.last }}{% endfor %}
    ) as kinds
    inner join {{ ref('int_trait_items') }} as items
        on kinds.trait = items.trait
        and case kinds.trait {% for trait in of_orders %} when '{{ trait }}' then orders.{{ trait }}{% endfor %} end = items.item
    union all
    select
        purchases.order_number, purchases.customer_number, purchases.source_system, coalesce(baskets.item_number, kinds.item_number),
        purchases.ordered_on, purchases.counted_from, purchases.counted_until,
        case kinds.trait
            when 'discount' then baskets.discounted_count when 'basket_lines' then baskets.line_count
            else case when kinds.is_several then 1 else 0 end
        end,
        case kinds.trait
            when 'discount' then baskets.priced_count when 'basket_lines' then 1
            else case when kinds.is_several then 0 else 1 end
        end
    from {{ ref('int_numbered_purchases') }} as purchases
    inner join baskets on purchases.order_number = baskets.order_number
    inner join (
        select trait, item_number, false as is_several
        from {{ ref('int_trait_items') }}
        where (trait = 'discount' and item = 'discounted')
            or (trait = 'basket_lines' and item = 'mean')
            or (trait in ('{{ of_several_items | join("', '") }}') and item is null)
        {%- for trait in of_several_items %}
        union all
        select '{{ trait }}', null, true
        {%- endfor %}
    ) as kinds
        on (kinds.trait = 'category' and kinds.is_several) = baskets.is_of_category
        and (kinds.trait = 'brand' and kinds.is_several) = baskets.is_of_brand
    where not (kinds.trait = 'category' and not baskets.has_category)
        and not (kinds.trait = 'brand' and not baskets.has_brand)
        and not (kinds.trait = 'discount' and baskets.priced_count = 0)

)

select
    order_number,
    customer_number,
    source_system,
    item_number,
    cast(amount as decimal(18,2)) as amount,
    cast(whole_amount as decimal(18,2)) as whole_amount,
    ordered_on,
    counted_from,
    counted_until
from told
where item_number is not null
