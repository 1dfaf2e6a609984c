-- Where, when and how everybody began to buy, and the day on which they came back: a later one, since two receipts of one day are
-- one visit (as in new_customer_conversion).
create or replace temp table started as
with purchases as (

    select
        *,
        row_number() over (partition by customer_id order by ordered_on, ordered_at, order_id) as purchase_number,
        min(ordered_on) over (partition by customer_id) as began_on
    from sold
    where is_purchase and customer_id is not null

)

select
    customer_id,
    cast(date_trunc('month', began_on) as date) as cohort_month,
    max(channel) filter (where purchase_number = 1) as channel,
    any_value(segment) as segment,
    max(places) filter (where purchase_number = 1) as places,
    min(ordered_on) filter (where ordered_on > began_on) - began_on as days_to_second
from purchases
group by customer_id, began_on
