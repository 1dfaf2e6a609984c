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
    select
        account_customers.customer_id,
        touches.occurred_on,
        null,
        touches.occurred_on
    from {{ accepted('touches') }} as touches
    inner join {{ ref('int_account_customers') }} as account_customers
        on touches.account_id = account_customers.account_id
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and touches.occurred_on < latest.as_of_date
    left join {{ accepted('campaigns') }} as campaigns on touches.campaign_id = campaigns.campaign_id
    -- Being drawn for a campaign reaches nobody.
    where touches.touch_type <> 'assigned'
        and campaigns.assignment is distinct from 'broadcast'

)

select
    customer_id,
    contact_on,
    max(purchased_on) as purchased_on,
    max(touched_on) as touched_on
from contacts
group by customer_id, contact_on
