-- The purchases that stand on the latest day of analysis, of which cohorts, rates of repurchase and
-- the funnel are made, with the month that each belongs to, and how long that has been over.
with latest as (

    select
        order_id,
        customer_id,
        ordered_on,
        cast(date_trunc('month', ordered_on) as date) as ordered_month,
        net_amount,
        as_of_date
    from {{ ref('int_purchases_as_of') }}
    where is_latest

)

select
    latest.*,
    {{ days_between("cast(ordered_month + interval '1' month as date)", 'as_of_date') }} as days_since_month
from latest
