-- The purchases that stood on each day of the history, with the value that they had then.
select
    as_of_dates.as_of_date,
    as_of_dates.is_latest,
    purchases.order_id,
    purchases.customer_id,
    purchases.ordered_on,
    purchases.net_amount
from {{ ref('int_as_of_dates') }} as as_of_dates
inner join {{ ref('int_purchases') }} as purchases
    on {{ stands_on('purchases', 'as_of_dates.as_of_date') }}
