-- The transactions that stand on the latest day of analysis, of which cohorts, rates of repurchase and
-- the funnel are made, with the month that each belongs to.
select
    transaction_id,
    order_id,
    order_number,
    customer_id,
    customer_number,
    transacted_on,
    cast(date_trunc('month', transacted_on) as date) as transacted_month,
    net_amount,
    is_purchase
from {{ ref('int_transactions') }} as transactions
where is_current
