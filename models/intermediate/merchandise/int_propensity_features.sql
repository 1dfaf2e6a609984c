-- What predicts whether a customer buys again from a category, at every cut-off by the same statement, and
-- of the earlier ones whether they did; only some customers are looked at there, by the hash that is their number. Orders count as
-- they stood on the day: nobody knew what would be given back. A small share keeps the logarithm of none within bounds.
-- Whatever is told of a cut-off says whether it is the latest, so that who asks for that one alone has only it computed.
{%- set horizon_end = "cast(cutoffs.cutoff_on + interval '" ~ var('propensity_horizon_days') ~ "' day as date)" %}
{%- set history_start = "cast(cutoffs.cutoff_on - interval '" ~ var('propensity_history_days') ~ "' day as date)" %}
{%- set is_past = 'transacted_on < cutoff_on' %}

with cutoffs as (

    {{ cutoffs('propensity_cutoffs', 'propensity_horizon_days', 'propensity_horizon_days') }}

),

products as (

    select
        product_id,
        category,
        cast(dense_rank() over (order by category nulls last) as bigint) as category_number
    from {{ accepted('products') }}
    where category is not null

),

drawn as (

    -- Numbers are hashes, so that the lowest are a draw; and who is drawn stays so when others come.
    select
        customer_number,
        row_number() over (order by customer_number nulls last) as place
    from {{ ref('int_customers') }}

),

standing as (

    select
        purchases.customer_number,
        purchases.order_id,
        purchases.transacted_on,
        cutoffs.cutoff_on,
        cutoffs.is_latest
    from {{ ref('int_transactions') }} as purchases
    inner join drawn on purchases.customer_number = drawn.customer_number
    inner join cutoffs
        on (cutoffs.is_latest or drawn.place <= {{ whole_number('propensity_sample_customers', 1) }})
        and purchases.transacted_on >= {{ history_start }}
        and (
            (purchases.transacted_on < cutoffs.cutoff_on and {{ stands_on('purchases', 'cutoffs.cutoff_on') }})
            or (purchases.transacted_on >= cutoffs.cutoff_on and {{ stands_on('purchases', horizon_end) }})
        )
    where purchases.is_purchase

),

known as (

    select distinct
        standing.customer_number,
        products.category_number,
        standing.transacted_on,
        standing.cutoff_on,
        standing.is_latest
    from standing
    inner join {{ ref('int_order_lines') }} as lines on standing.order_id = lines.order_id
    inner join products on lines.product_id = products.product_id
    where lines.quantity > 0

),

measured as (

    select
        customer_number, category_number, cutoff_on, is_latest,
        {{ days_between('max(case when ' ~ is_past ~ ' then transacted_on end)', 'cutoff_on') }} as recency_days,
        {{ days_between('min(case when ' ~ is_past ~ ' then transacted_on end)', 'cutoff_on') }} as tenure_days,
        count(case when {{ is_past }} then 1 end) as purchase_day_count,
        count(case
            when {{ is_past }} and {{ days_between('transacted_on', 'cutoff_on') }} <= {{ var('churn_recent_days') }} then 1
        end) as recent_purchase_day_count,
        count(*) > count(case when {{ is_past }} then 1 end) as has_bought
    from known
    group by customer_number, category_number, cutoff_on, is_latest
    having count(case when {{ is_past }} then 1 end) > 0

)

select
    customers.customer_id,
    categories.category,
    measured.cutoff_on,
    measured.is_latest,
    recency_days, tenure_days, purchase_day_count, recent_purchase_day_count,
    case when not measured.is_latest then has_bought end as has_bought,
    {{ purchase_rhythm() }},
    ln(1 + min(recency_days) over of_customer) as customer_recency,
    ln(1 + sum(recent_purchase_day_count) over of_customer) as customer_activity,
    ln(purchase_day_count / cast(sum(purchase_day_count) over of_customer as double)) as category_share,
    ln(0.01 + sum(recent_purchase_day_count) over of_category / cast(count(*) over of_category as double)) as category_rate
from measured
inner join {{ ref('int_customers') }} as customers on measured.customer_number = customers.customer_number
inner join (select distinct category, category_number from products) as categories
    on measured.category_number = categories.category_number
window
    of_customer as (partition by measured.customer_number, measured.cutoff_on, measured.is_latest),
    of_category as (partition by measured.category_number, measured.cutoff_on, measured.is_latest)
