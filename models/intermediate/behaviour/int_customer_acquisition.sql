-- When a customer was acquired (registered, or ordered for the first time), by which channel, and the steps
-- that followed: activated by a purchase soon after, retained by another soon after that. Before the first order of the
-- data nobody saw them. Who has neither date was acquired in no month that anybody knows.
with bounds as (

    select
        cast(date_trunc('month', min(as_of_date) - interval '1' day) as date) as first_month,
        max(as_of_date) as as_of_date
    from {{ ref('int_as_of_dates') }}

),

spent as (

    select
        customer_id,
        cast(sum(net_amount) as decimal(18,2)) as net_amount
    from {{ ref('int_latest_transactions') }}
    group by customer_id

),

acquired as (

    select
        known.customer_id,
        cast(date_trunc('month', known.known_since) as date) as acquired_month,
        channels.acquisition_channel,
        {{ days_between('known.known_since', 'beginnings.first_purchase_on') }} as days_to_first,
        {{ days_between('beginnings.first_purchase_on', 'beginnings.second_purchase_on') }} as days_to_second,
        spent.net_amount,
        bounds.first_month
    from {{ ref('int_customer_known_since') }} as known
    inner join bounds on known.known_since < bounds.as_of_date
    left join {{ ref('int_customer_channels') }} as channels on known.customer_id = channels.customer_id
    left join {{ ref('int_first_purchases') }} as beginnings on known.customer_id = beginnings.customer_id
    left join spent on known.customer_id = spent.customer_id
    where known.is_dated

)

select
    acquired.customer_id,
    acquired.acquired_month,
    acquired.acquisition_channel,
    acquired.net_amount,
    acquired.days_to_first <= rules.activation_days as is_activated,
    acquired.days_to_first <= rules.activation_days
        and acquired.days_to_second <= rules.retention_days as is_retained,
    acquired.acquired_month >= acquired.first_month as is_observed
from acquired
cross join {{ ref('int_lifecycle_rules') }} as rules
