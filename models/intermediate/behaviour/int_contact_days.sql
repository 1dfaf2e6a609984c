-- The days on which a customer bought something or was reached by a campaign, before the latest day of analysis.
-- What is broadcast week by week is no intervention: it goes to whoever subscribes, and no silence would be free of it.
with contacts as (

    select
        customer_id,
        transacted_on as contact_on,
        transacted_on as purchased_on,
        cast(null as date) as touched_on
    from {{ ref('int_latest_transactions') }}
    where is_purchase
    union all
    select messages.customer_id, messages.occurred_on, null, messages.occurred_on
    from {{ ref('int_messages') }} as messages
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and messages.occurred_on < latest.as_of_date
    where messages.customer_id is not null
        and messages.assignment is distinct from 'broadcast'

)

select
    customer_id,
    contact_on,
    max(purchased_on) as purchased_on,
    max(touched_on) as touched_on
from contacts
group by customer_id, contact_on
