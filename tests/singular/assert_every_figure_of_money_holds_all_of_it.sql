-- What: on the latest day of analysis the money of all customers is in each mart that shows it, to the
-- cent: in `customers` and the channels of aarrr_monthly and channel_performance all of it; in customer_rfm what lies in its
-- window, and in the tiers of it who spent; in the cohorts what lies in complete months. Cohorts, RFM and
-- cross_channel_customers are of those who have bought: who has nothing but credits is in the first three.
-- Why: figures by customer, cohort and channel are worth as much as their sum.
-- Returns the mart whose sum differs.
with transactions as (

    select
        transactions.net_amount,
        beginnings.customer_id is not null as has_bought,
        greatest(transactions.transacted_month, beginnings.cohort_month)
        < cast(date_trunc('month', latest.as_of_date) as date) as is_in_complete_months,
        {{ days_between('transactions.transacted_on', 'latest.as_of_date') }} as age_days
    from {{ ref('int_latest_transactions') }} as transactions
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    left join {{ ref('int_first_purchases') }} as beginnings
        on transactions.customer_id = beginnings.customer_id

),

transacted as (

    select
        sum(net_amount) as net_amount,
        sum(net_amount) filter (where has_bought) as amount_of_buyers,
        sum(net_amount) filter (where has_bought and is_in_complete_months) as amount_of_cohorts,
        sum(net_amount) filter (where has_bought and {{ in_rfm_window('age_days') }}) as amount_in_window
    from transactions

),

sums as (

    select
        'customers' as mart,
        (select sum(net_amount) from {{ ref('customers') }}) as amount,
        net_amount as expected_amount
    from transacted
    union all
    select
        'aarrr_monthly',
        (select sum(revenue_amount) from {{ ref('aarrr_monthly') }}),
        net_amount
    from transacted
    union all
    select
        'channel_performance',
        (select sum(revenue_amount) from {{ ref('channel_performance') }}),
        net_amount
    from transacted
    union all
    select
        'cross_channel_customers',
        (select sum(net_amount) from {{ ref('cross_channel_customers') }}),
        amount_of_buyers
    from transacted
    union all
    select
        'cohort_retention',
        (select sum(revenue_amount) from {{ ref('cohort_retention') }}),
        amount_of_cohorts
    from transacted
    union all
    select
        'customer_rfm',
        (select sum(spend_amount) from {{ ref('customer_rfm') }} where is_latest),
        amount_in_window
    from transacted
    union all
    select
        'customer_value_tiers',
        (select sum(spend_amount) from {{ ref('customer_value_tiers') }}),
        (select sum(spend_amount) from {{ ref('customer_rfm') }} where is_latest and spend_amount > 0)

)

select mart, amount, expected_amount
from sums
where coalesce(amount, 0) <> coalesce(expected_amount, 0)
