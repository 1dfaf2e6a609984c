-- What predicts whether a customer buys again from a category, at every cut-off by the same measures, and
-- of the earlier ones whether they did; only some customers are looked at there, by the hash that is their number. Orders count as
-- they stood on the day: nobody knew what would be given back. A small share keeps the logarithm of none within bounds.
-- Whatever is told of a cut-off says whether it is the latest, so that who asks for that one alone has only it computed. What was bought
-- before that one is what counts now: int_basket_items has it in numbers, and says which purchase is the first of a day.
{%- set horizon_end = "cast(cutoffs.cutoff_on + interval '" ~ var('propensity_horizon_days') ~ "' day as date)" %}
{%- set history_start = "cast(cutoffs.cutoff_on - interval '" ~ var('propensity_history_days') ~ "' day as date)" %}
{%- set is_past = 'transacted_on < cutoff_on' %}

with cutoffs as (

    {{ cutoffs('propensity_cutoffs', 'propensity_horizon_days', 'propensity_horizon_days') }}

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
        purchases.customer_number, purchases.order_id, purchases.transacted_on, cutoffs.cutoff_on
    from {{ ref('int_transactions') }} as purchases
    inner join drawn on purchases.customer_number = drawn.customer_number
    inner join cutoffs
        on not cutoffs.is_latest
        and drawn.place <= {{ whole_number('propensity_sample_customers', 1) }}
        and purchases.transacted_on >= {{ history_start }}
        and (
            (purchases.transacted_on < cutoffs.cutoff_on and {{ stands_on('purchases', 'cutoffs.cutoff_on') }})
            or (purchases.transacted_on >= cutoffs.cutoff_on and {{ stands_on('purchases', horizon_end) }})
        )
    where purchases.is_purchase

),

known as (

    select
        items.customer_number, items.item_number as category_number, items.ordered_on as transacted_on,
        cutoffs.cutoff_on, cutoffs.is_latest
    from {{ ref('int_basket_items') }} as items
    inner join cutoffs
        on cutoffs.is_latest
        and items.ordered_on >= {{ history_start }}
    where items.item_kind = 'category'
        and items.is_first_of_day
    union all
    select distinct
        standing.customer_number, items.item_number, standing.transacted_on, standing.cutoff_on, false
    from standing
    inner join {{ ref('int_order_lines') }} as lines on standing.order_id = lines.order_id
    inner join {{ ref('int_product_items') }} as items
        on items.item_kind = 'category'
        and lines.product_id = items.product_id
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

),

-- Compared while all is numbers: names would be sorted with them.
compared as (

    select
        measured.*,
        min(recency_days) over of_customer as customer_recency_days,
        sum(recent_purchase_day_count) over of_customer as customer_recent_count,
        sum(purchase_day_count) over of_customer as customer_day_count,
        sum(recent_purchase_day_count) over of_category / cast(count(*) over of_category as double) as category_recent_mean
    from measured
    window
        of_customer as (partition by customer_number, cutoff_on, is_latest),
        of_category as (partition by category_number, cutoff_on, is_latest)

)

select
    customers.customer_id,
    categories.category,
    compared.cutoff_on,
    compared.is_latest,
    recency_days, tenure_days, purchase_day_count, recent_purchase_day_count,
    case when not compared.is_latest then has_bought end as has_bought,
    {{ purchase_rhythm() }},
    ln(1 + customer_recency_days) as customer_recency,
    ln(1 + customer_recent_count) as customer_activity,
    ln(purchase_day_count / cast(customer_day_count as double)) as category_share,
    ln(0.01 + category_recent_mean) as category_rate
from compared
inner join {{ ref('int_customers') }} as customers on compared.customer_number = customers.customer_number
inner join (
    select distinct item_id as category, item_number
    from {{ ref('int_product_items') }}
    where item_kind = 'category'
) as categories on compared.category_number = categories.item_number
