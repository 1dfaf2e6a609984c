-- A cancellation without a date, or with one that can't be true, is booked on the day of the order;
-- a day of delivery that can't be true is taken for unknown. A channel called `all` is unknown too: key figures keep the
-- word for all channels together.
select
    order_id,
    source_system,
    source_order_id,
    account_id,
    contact_phone,
    contact_email,
    store_id,
    nullif(channel, 'all') as channel,
    currency,
    exchange_rate,
    order_status,
    ordered_at,
    ordered_on,
    case when ordered_hour between 0 and 23 then ordered_hour end as ordered_hour,
    case
        when order_status = 'cancelled' and not {{ after_delivery('cancelled_on') }}
            then cancelled_on
        when order_status = 'cancelled' then ordered_on
    end as cancelled_on,
    promised_on,
    case when not {{ after_delivery('delivered_on') }} then delivered_on end as delivered_on
from {{ accepted('orders') }}
