-- What campaigns did to people, step by step. A step that names no channel went through that of its campaign. Being drawn
-- for a campaign reaches nobody.
select
    touches.touch_id,
    touches.campaign_id,
    campaigns.assignment,
    touches.account_id,
    account_customers.customer_id,
    coalesce(touches.channel, campaigns.channel, 'unknown') as channel,
    touches.touch_type,
    touches.coupon_id,
    touches.order_id,
    touches.occurred_at,
    touches.occurred_on
from {{ accepted('touches') }} as touches
inner join {{ accepted('campaigns') }} as campaigns on touches.campaign_id = campaigns.campaign_id
left join {{ ref('int_account_customers') }} as account_customers
    on touches.account_id = account_customers.account_id
where touches.touch_type <> 'assigned'
