-- What a customer did counts up to the day of analysis; who they are does not depend on it.
with purchased as (

    select
        purchases.customer_id,
        count(*) as purchase_count,
        cast(sum(purchases.net_amount) as decimal(18,2)) as net_amount,
        min(purchases.ordered_on) as first_purchase_on,
        max(purchases.ordered_on) as last_purchase_on
    from {{ ref('int_purchases_as_of') }} as purchases
    inner join {{ ref('int_as_of_dates') }} as as_of_dates on purchases.as_of_date = as_of_dates.as_of_date
    where as_of_dates.is_latest
    group by purchases.customer_id

)

select
    customers.customer_id,

    customers.source_systems,
    customers.gender,
    customers.gender_source,
    customers.city,
    customers.city_source,
    customers.membership_tier,
    customers.membership_tier_source,
    customers.membership_expires_on_source,

    customers.account_count,
    customers.source_system_count,
    coalesce(purchased.purchase_count, 0) as purchase_count,
    coalesce(purchased.net_amount, 0) as net_amount,

    customers.registered_on,
    customers.membership_expires_on,
    purchased.first_purchase_on,
    purchased.last_purchase_on
from {{ ref('int_customers') }} as customers
left join purchased on customers.customer_id = purchased.customer_id
