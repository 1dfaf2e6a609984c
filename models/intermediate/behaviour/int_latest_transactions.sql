-- The transactions that stand on the latest day of analysis, of which cohorts, rates of repurchase and
-- the funnel are made, with the month that each belongs to.
select
    transactions.transaction_id,
    transactions.order_id,
    transactions.customer_id,
    transactions.transacted_on,
    cast(date_trunc('month', transactions.transacted_on) as date) as transacted_month,
    transactions.net_amount,
    transactions.is_purchase,
    latest.as_of_date
from {{ ref('int_transactions') }} as transactions
inner join {{ ref('int_as_of_dates') }} as latest
    on latest.is_latest
    and {{ stands_on('transactions', 'latest.as_of_date') }}
