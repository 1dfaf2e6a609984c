-- What campaigns did to people before the latest day of analysis, step by step. A step that names no channel went through
-- that of its campaign. Being drawn for a campaign reaches nobody.
select
    touches.touch_id,
    touches.campaign_id,
    touches.account_id,
    account_customers.customer_id,
    coalesce({{ lower_ascii('touches.channel') }}, {{ lower_ascii('campaigns.channel') }}, 'unknown') as channel,
    touches.touch_type,
    coalesce(touches.occurred_at, cast(touches.occurred_on as timestamp)) as occurred_at,
    touches.occurred_on
from {{ accepted('touches') }} as touches
inner join {{ accepted('campaigns') }} as campaigns on touches.campaign_id = campaigns.campaign_id
inner join {{ ref('int_as_of_dates') }} as latest
    on latest.is_latest
    and touches.occurred_on < latest.as_of_date
left join {{ ref('int_account_customers') }} as account_customers
    on touches.account_id = account_customers.account_id
where touches.touch_type <> 'assigned'
