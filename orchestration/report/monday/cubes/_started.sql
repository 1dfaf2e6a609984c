-- Where, when and how everybody began to buy, and the day on which they came back: a later one, since two receipts of one day are
-- one visit (as in new_customer_conversion).
create or replace temp table started as
with purchases as (

    select
        *,
        row_number() over (partition by customer_id order by ordered_on, ordered_at, order_id) as purchase_number,
        min(ordered_on) over (partition by customer_id) as began_on
    from marts.orders
    where is_purchase
        and customer_id is not null
        and ordered_on < (select as_of_date from marts.publication)

),

begun as (

    select
        customer_id,
        began_on,
        max(channel) filter (where purchase_number = 1) as order_channel,
        max(store_id) filter (where purchase_number = 1) as store_id,
        min(ordered_on) filter (where ordered_on > began_on) - began_on as days_to_second
    from purchases
    group by customer_id, began_on

)

select
    buyers.buyer,
    cast(date_trunc('month', begun.began_on) as date) as cohort_month,
    shops.channel,
    buyers.segment,
    list_filter(['all', shops.region, shops.store], lambda place: place is not null) as places,
    begun.days_to_second
from begun
inner join buyers on begun.customer_id = buyers.customer_id
inner join shops
    on begun.order_channel is not distinct from shops.order_channel
    and begun.store_id is not distinct from shops.store_id
