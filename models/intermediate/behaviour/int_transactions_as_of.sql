-- The transactions that stood on each day of the history, with the value that they had then.
select
    as_of_dates.as_of_date,
    as_of_dates.is_latest,
    transactions.transaction_id,
    transactions.order_id,
    transactions.customer_id,
    transactions.transacted_on,
    transactions.net_amount,
    transactions.is_purchase
from {{ ref('int_as_of_dates') }} as as_of_dates
inner join {{ ref('int_transactions') }} as transactions
    on {{ stands_on('transactions', 'as_of_dates.as_of_date') }}
