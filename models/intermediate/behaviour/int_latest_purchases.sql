-- The purchases that stand on the latest day of analysis, of which cohorts, rates of repurchase and
-- the funnel are made, with the month that each belongs to, and how long that has been over.
with purchases as (

    select * from {{ ref('int_purchases') }}

),

as_of_dates as (

    select * from {{ ref('int_as_of_dates') }}

),

standing as (

    select
        purchases.order_id,
        purchases.customer_id,
        purchases.ordered_on,
        cast(date_trunc('month', purchases.ordered_on) as date) as ordered_month,
        purchases.net_amount,
        as_of_dates.as_of_date
    from purchases
    inner join as_of_dates
        on {{ stands_on('purchases', 'as_of_dates.as_of_date') }}
    where as_of_dates.is_latest

),

aged as (

    select
        standing.*,
        {{ days_between("cast(ordered_month + interval '1' month as date)", 'as_of_date') }}
            as days_since_month
    from standing

)

select * from aged
