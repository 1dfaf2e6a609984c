-- Through which channels each customer buys, what they did in one kind of channel before they bought in the other, and what
-- those of both kinds spent later beside those of one. Money is of all orders, and of credits without one.
{%- set showroom_days = whole_number('showroom_days', 0) %}
{%- set trial_days = whole_number('trial_days', 0) %}

with bought as (

    select
        transactions.customer_id,
        orders.channel,
        {{ channel_kind('orders.channel') }} as kind,
        count(*) filter (where transactions.is_purchase) as purchase_count,
        cast(sum(transactions.net_amount) as decimal(18,2)) as amount
    from {{ ref('int_latest_transactions') }} as transactions
    left join {{ ref('int_orders') }} as orders on transactions.order_id = orders.order_id
    group by transactions.customer_id, orders.channel

),

ranked as (

    select
        bought.*,
        row_number() over (
            partition by customer_id order by amount desc nulls last, purchase_count desc nulls last, channel nulls last
        ) as place
    from bought

),

summed as (

    select
        customer_id,
        {{ join_array('case when purchase_count > 0 then channel end', ', ') }} as purchase_channels,
        max(channel) filter (where place = 1) as main_channel,
        sum(purchase_count) as purchase_count,
        sum(purchase_count) filter (where kind = 'store') as store_purchase_count,
        sum(purchase_count) filter (where kind = 'online') as online_purchase_count,
        sum(amount) as net_amount,
        sum(amount) filter (where kind = 'store') as store_amount,
        sum(amount) filter (where kind = 'online') as online_amount,
        max(amount) as main_amount,
        min(amount) as least_amount
    from ranked
    group by customer_id
    having sum(purchase_count) > 0

),

traced as (

    select
        customer_id,
        count(*) filter (where browsed_days <= {{ showroom_days }}) as browsed_then_store_count,
        count(*) filter (where viewed_days <= {{ showroom_days }}) as viewed_then_store_count,
        percentile_cont(0.5) within group (order by browsed_days) filter (where browsed_days <= {{ showroom_days }})
            as browsed_then_store_days,
        count(*) filter (where tried_days <= {{ trial_days }}) as store_then_online_count,
        percentile_cont(0.5) within group (order by tried_days) filter (where tried_days <= {{ trial_days }})
            as store_then_online_days
    from {{ ref('int_channel_traces') }}
    group by customer_id

)

select
    summed.customer_id,

    summed.purchase_channels,
    summed.main_channel,
    comparison.earlier_kind,
    comparison.earlier_tier,

    cast(summed.purchase_count as bigint) as purchase_count,
    cast(coalesce(summed.store_purchase_count, 0) as bigint) as store_purchase_count,
    cast(coalesce(summed.online_purchase_count, 0) as bigint) as online_purchase_count,
    cast(summed.net_amount as decimal(18,2)) as net_amount,
    cast(coalesce(summed.store_amount, 0) as decimal(18,2)) as store_amount,
    cast(coalesce(summed.online_amount, 0) as decimal(18,2)) as online_amount,
    -- Of money below zero in one of the channels nobody can say a share.
    {%- for part in ['store', 'online', 'main'] %}
    case
        when summed.least_amount >= 0
            then cast(coalesce(summed.{{ part }}_amount, 0) as double) / nullif(cast(summed.net_amount as double), 0)
    end as {{ part }}_share,
    {%- endfor %}
    coalesce(traced.browsed_then_store_count, 0) as browsed_then_store_count,
    coalesce(traced.viewed_then_store_count, 0) as viewed_then_store_count,
    traced.browsed_then_store_days,
    coalesce(traced.store_then_online_count, 0) as store_then_online_count,
    traced.store_then_online_days,
    comparison.earlier_tenure_quarters,
    comparison.later_amount,
    comparison.single_kind_amount,
    comparison.matched_amount,
    comparison.matched_customer_count,

    coalesce(summed.store_purchase_count > 0 and summed.online_purchase_count > 0, false) as is_cross_channel,

    comparison.compared_on
from summed
left join traced on summed.customer_id = traced.customer_id
left join {{ ref('int_channel_comparison') }} as comparison on summed.customer_id = comparison.customer_id
