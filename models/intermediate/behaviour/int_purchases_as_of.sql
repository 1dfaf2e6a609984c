-- The purchases that stood on each day of the history, with the value that they had then.
with purchases as (

    select * from {{ ref('int_purchases') }}

),

as_of_dates as (

    select * from {{ ref('int_as_of_dates') }}

),

standing as (

    select
        as_of_dates.as_of_date,
        purchases.order_id,
        purchases.customer_id,
        purchases.ordered_on,
        purchases.net_amount
    from as_of_dates
    inner join purchases
        on {{ stands_on('purchases', 'as_of_dates.as_of_date') }}

)

select * from standing
