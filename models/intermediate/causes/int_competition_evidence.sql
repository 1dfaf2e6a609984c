-- A competitor arrived where the customer lives, within cause_days of the last purchase: how much of the
-- customer's purchases are made in stores, which is what it competes with. The customer's region is that
-- of most of the purchases in stores. Asked only of customers with a rhythm of their own: of everybody in a
-- region some fall silent whenever somebody arrives, and a habit that breaks off is less of a coincidence.
with churned_customers as (

    select * from {{ ref('int_churned_customers') }} where has_own_rhythm

),

stores as (

    select
        store_id,
        region
    from {{ accepted('stores') }}

),

visits as (

    select
        churned_customers.customer_id,
        churned_customers.last_purchase_on,
        stores.region,
        count(*) as visit_count
    from churned_customers
    inner join {{ ref('int_latest_transactions') }} as purchases
        on churned_customers.customer_id = purchases.customer_id
        and purchases.is_purchase
    inner join {{ ref('int_orders') }} as orders on purchases.order_id = orders.order_id
    left join stores on orders.store_id = stores.store_id
    group by churned_customers.customer_id, churned_customers.last_purchase_on, stores.region

),

ranked as (

    select
        visits.*,
        sum(visit_count) over (partition by customer_id) as purchase_count,
        row_number() over (
            partition by customer_id, region is not null
            order by visit_count desc nulls last, region nulls last
        ) as region_rank
    from visits

)

select
    ranked.customer_id,
    'new_competitor' as evidence,
    max(cast(ranked.visit_count as double) / ranked.purchase_count) as evidence_value
from ranked
inner join {{ ref('int_competitor_arrivals') }} as arrivals
    on ranked.region = arrivals.region
    and arrivals.arrived_on >= ranked.last_purchase_on - {{ var('cause_days') }}
    and arrivals.arrived_on <= ranked.last_purchase_on + {{ var('cause_days') }}
where ranked.region_rank = 1
group by ranked.customer_id
