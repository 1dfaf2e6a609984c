-- What a customer did counts up to the day of analysis, and their age is that of the day; who they are does not depend on it.
-- The birth date stays in the private warehouse, and only its band leaves it.
with transacted as (

    select
        customer_id,
        count(*) filter (where is_purchase) as purchase_count,
        cast(sum(net_amount) as decimal(18,2)) as net_amount,
        min(transacted_on) filter (where is_purchase) as first_purchase_on,
        max(transacted_on) filter (where is_purchase) as last_purchase_on
    from {{ ref('int_latest_transactions') }}
    group by customer_id

)

select
    customers.customer_id,

    customers.source_systems,
    customers.gender,
    customers.gender_source,
    {{ age_band('customers.birth_date', 'latest.as_of_date') }} as age_band,
    customers.birth_date_source as age_band_source,
    customers.city,
    customers.city_source,
    customers.membership_tier,
    customers.membership_tier_source,
    customers.membership_expires_on_source,
    homes.store_id as home_store_id,

    customers.account_count,
    customers.source_system_count,
    coalesce(transacted.purchase_count, 0) as purchase_count,
    coalesce(transacted.net_amount, 0) as net_amount,

    customers.registered_on,
    customers.membership_expires_on,
    transacted.first_purchase_on,
    transacted.last_purchase_on
from {{ ref('int_customers') }} as customers
left join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
left join transacted on customers.customer_id = transacted.customer_id
left join {{ ref('int_home_stores') }} as homes on customers.customer_id = homes.customer_id
