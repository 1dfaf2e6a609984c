-- What a customer had done before each purchase in the other kind of channel, as far as it left a trace: when they last
-- browsed online, and when they last saw one of its products there; and when they last bought in a store what they now buy
-- online for the first time. Everything is brought into one order of days and instants, so that nothing is compared with everything (a
-- purchase of which only the day is known comes first on it); but of customers alone who have been both in stores and online.
with purchases as (

    select
        purchases.customer_id,
        purchases.order_id,
        {{ channel_kind('orders.channel') }} = 'store' as is_in_store,
        orders.ordered_on,
        coalesce(orders.ordered_at, cast(orders.ordered_on as timestamp) - interval '14' hour) as happened_at
    from {{ ref('int_latest_transactions') }} as purchases
    inner join {{ ref('int_orders') }} as orders on purchases.order_id = orders.order_id
    where purchases.is_purchase
        and {{ channel_kind('orders.channel') }} is not null

),

in_both as (

    select customer_id
    from (
        select customer_id, is_in_store from purchases union all
        select customer_id, false from {{ ref('int_session_events') }}
    ) as visits
    group by customer_id
    having bool_or(is_in_store) and not bool_and(is_in_store)

),

happened as (

    select
        customer_id,
        product_id,
        event_id as deed_id,
        occurred_at as happened_at,
        occurred_on as browsed_on,
        cast(null as string) as order_id,
        cast(null as boolean) as is_in_store,
        cast(null as date) as ordered_on
    from {{ ref('int_session_events') }} as events
    semi join in_both on events.customer_id = in_both.customer_id
    union all
    select
        purchases.customer_id,
        lines.product_id,
        coalesce(lines.order_line_id, purchases.order_id),
        purchases.happened_at,
        null,
        purchases.order_id,
        purchases.is_in_store,
        purchases.ordered_on
    from purchases
    semi join in_both on purchases.customer_id = in_both.customer_id
    left join {{ ref('int_order_lines') }} as lines on purchases.order_id = lines.order_id and lines.quantity > 0

),

remembered as (

    select
        order_id,
        max(browsed_on) over (
            partition by customer_id
            order by coalesce(browsed_on, ordered_on) nulls last, happened_at nulls last, order_id is not null nulls last, deed_id nulls last
            rows between unbounded preceding and current row
        ) as browsed_on,
        case when product_id is not null then max(browsed_on) over of_the_product end as viewed_on,
        case when product_id is not null then max(case when is_in_store then ordered_on end) over of_the_product end
            as bought_in_store_on,
        case when product_id is not null then max(case when not is_in_store then ordered_on end) over of_the_product end
            as bought_online_on
    from happened
    window of_the_product as (
        partition by customer_id, product_id
        order by coalesce(browsed_on, ordered_on) nulls last, happened_at nulls last, order_id is not null nulls last, deed_id nulls last
        rows between unbounded preceding and 1 preceding
    )

)

select
    purchases.order_id,
    purchases.customer_id,
    purchases.ordered_on,
    purchases.is_in_store,
    min({{ days_between('browsed_on', 'purchases.ordered_on') }}) filter (where purchases.is_in_store) as browsed_days,
    min({{ days_between('viewed_on', 'purchases.ordered_on') }}) filter (where purchases.is_in_store) as viewed_days,
    min({{ days_between('bought_in_store_on', 'purchases.ordered_on') }})
        filter (where not purchases.is_in_store and bought_online_on is null) as tried_days
from purchases
semi join in_both on purchases.customer_id = in_both.customer_id
left join remembered on purchases.order_id = remembered.order_id
group by purchases.order_id, purchases.customer_id, purchases.ordered_on, purchases.is_in_store
