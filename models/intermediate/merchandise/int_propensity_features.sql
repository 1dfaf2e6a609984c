-- What predicts whether a customer buys again from a category, at every cut-off by the same statement, and
-- of the earlier ones whether they did; only some customers are looked at there, by the hash that is their number. Orders count as
-- they stood on the day: nobody knew what would be given back. A small share keeps the logarithm of none within bounds.
{%- set horizon_end = "cast(looked_at.cutoff_on + interval '" ~ var('propensity_horizon_days') ~ "' day as date)" %}
{%- set history_start = "cast(looked_at.cutoff_on - interval '" ~ var('propensity_history_days') ~ "' day as date)" %}

with cutoffs as (

    {{ cutoffs('propensity_cutoffs', 'propensity_horizon_days', 'propensity_horizon_days') }}

),

looked_at as (

    select
        customers.customer_id,
        cutoffs.cutoff_on,
        cutoffs.is_latest
    from (
        select
            customer_id,
            row_number() over (order by customer_id nulls last) <= {{ whole_number('propensity_sample_customers', 1) }} as is_sampled
        from {{ ref('int_customers') }}
    ) as customers
    inner join cutoffs on (cutoffs.is_latest or customers.is_sampled)

),

bought as (

    select distinct
        purchases.customer_id,
        products.category,
        purchases.transacted_on,
        purchases.effective_from,
        purchases.effective_to
    from {{ ref('int_transactions') }} as purchases
    inner join {{ ref('int_order_lines') }} as lines on purchases.order_id = lines.order_id
    inner join {{ accepted('products') }} as products on lines.product_id = products.product_id
    where purchases.is_purchase
        and lines.quantity > 0
        and products.category is not null

),

known as (

    select
        bought.customer_id,
        bought.category,
        bought.transacted_on,
        looked_at.cutoff_on,
        looked_at.is_latest,
        bought.transacted_on < looked_at.cutoff_on as is_past
    from bought
    inner join looked_at
        on bought.customer_id = looked_at.customer_id
        and bought.transacted_on >= {{ history_start }}
        and (
            (bought.transacted_on < looked_at.cutoff_on and {{ stands_on('bought', 'looked_at.cutoff_on') }})
            or (bought.transacted_on >= looked_at.cutoff_on and {{ stands_on('bought', horizon_end) }})
        )

),

measured as (

    select
        customer_id,
        category,
        cutoff_on,
        is_latest,
        {{ days_between('max(case when is_past then transacted_on end)', 'cutoff_on') }} as recency_days,
        {{ days_between('min(case when is_past then transacted_on end)', 'cutoff_on') }} as tenure_days,
        count(distinct case when is_past then transacted_on end) as purchase_day_count,
        count(distinct case
            when is_past and {{ days_between('transacted_on', 'cutoff_on') }} <= {{ var('churn_recent_days') }} then transacted_on
        end) as recent_purchase_day_count,
        case when not is_latest then count(case when not is_past then 1 end) > 0 end as has_bought
    from known
    group by customer_id, category, cutoff_on, is_latest
    having count(case when is_past then 1 end) > 0

)

select
    measured.*,
    {{ purchase_rhythm() }},
    ln(1 + min(recency_days) over of_customer) as customer_recency,
    ln(1 + sum(recent_purchase_day_count) over of_customer) as customer_activity,
    ln(purchase_day_count / cast(sum(purchase_day_count) over of_customer as double)) as category_share,
    ln(0.01 + sum(recent_purchase_day_count) over of_category / cast(count(*) over of_category as double)) as category_rate
from measured
window
    of_customer as (partition by customer_id, cutoff_on),
    of_category as (partition by category, cutoff_on)
