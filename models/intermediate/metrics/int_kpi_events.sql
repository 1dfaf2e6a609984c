-- What key figures count beside orders: customers who came and left, messages that were sent, and what marketing cost. The
-- last two are of no way of selling and of no region, so that they are in the figures of all alone.
with sent as (

    select
        touches.touch_id,
        touches.occurred_on,
        account_customers.customer_id,
        case
            when account_customers.customer_id is null then 'unknown'
            when touches.occurred_on > beginnings.first_purchase_on then 'regular'
            else 'new'
        end as customer_type
    from {{ accepted('touches') }} as touches
    left join {{ ref('int_account_customers') }} as account_customers
        on touches.account_id = account_customers.account_id
    left join {{ ref('int_first_purchases') }} as beginnings
        on account_customers.customer_id = beginnings.customer_id
    where touches.touch_type = 'sent'

),

events as (

    select
        customer_id || '|' || cast(as_of_date as string) as event_id,
        move as event,
        customer_id,
        channel,
        region,
        case when move = 'acquired' then 'new' else 'regular' end as customer_type,
        cast(null as decimal(18,2)) as spend_amount,
        moved_on as occurred_on
    from {{ ref('int_customer_moves') }} as moves
    union all
    select touch_id, 'contact', customer_id, null, null, customer_type, null, occurred_on
    from sent
    union all
    select channel_spend_id, 'spend', null, null, null, 'unknown', converted_amount, spent_on
    from {{ accepted('channel_spend') }} as spend

)

select events.*
from events
inner join {{ ref('int_as_of_dates') }} as latest
    on latest.is_latest
    and events.occurred_on < latest.as_of_date
