-- What the business comes to on the latest day of analysis. Revenue counts every order before that day,
-- guests included, as it stood, less the refunds that no order takes. At risk are the customers at the
-- levels red and orange, with what they spent within the RFM window, which is no forecast of the loss.
with latest as (

    select max(as_of_date) filter (where is_latest) as as_of_date
    from {{ ref('int_as_of_dates') }}

),

sales as (

    select
        coalesce(sum(states.net_amount), 0) as net_amount,
        cast(sum(states.net_amount) filter (where states.is_purchase) as double)
            / nullif(count(*) filter (where states.is_purchase), 0) as average_order_amount
    from {{ ref('int_order_states') }} as states
    inner join latest on {{ stands_on('states', 'latest.as_of_date') }}

),

credits as (

    select coalesce(sum(refunds.refund_amount), 0) as refund_amount
    from {{ ref('refunds') }} as refunds
    inner join latest on refunds.refunded_on < latest.as_of_date
    where refunds.order_id is null

),

people as (

    select
        count(*) as customer_count,
        cast(count(*) filter (where purchase_day_count >= 2) as double)
        / nullif(count(*) filter (where purchase_day_count >= 1), 0) as repeat_share
    from {{ ref('customer_lifecycle') }}
    where is_latest

),

spending as (

    select
        count(*) filter (where frequency > 0) as active_buyer_count,
        sum(spend_amount) as spend_amount
    from {{ ref('customer_rfm') }}
    where is_latest

),

at_risk as (

    select
        count(*) as at_risk_customer_count,
        cast(coalesce(sum(rfm.spend_amount), 0) as decimal(18,2)) as at_risk_spend_amount
    from {{ ref('customer_churn') }} as churn
    left join {{ ref('customer_rfm') }} as rfm
        on churn.customer_id = rfm.customer_id
        and rfm.is_latest
    where churn.churn_level in ('red', 'orange')

)

select
    latest.as_of_date,

    people.customer_count,
    spending.active_buyer_count,
    at_risk.at_risk_customer_count,
    cast(sales.net_amount - credits.refund_amount as decimal(18,2)) as net_amount,
    sales.average_order_amount,
    at_risk.at_risk_spend_amount,
    people.repeat_share,
    cast(at_risk.at_risk_spend_amount as double) / nullif(cast(spending.spend_amount as double), 0)
        as at_risk_spend_share
from latest
cross join people
cross join spending
cross join at_risk
cross join sales
cross join credits
