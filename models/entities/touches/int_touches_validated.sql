with attached as (

    select
        delivered.*,
        campaigns.campaign_id as known_campaign_id
    from {{ ref('int_touches_delivered') }} as delivered
    left join {{ accepted('campaigns') }} as campaigns on delivered.campaign_id = campaigns.campaign_id

),

validated as (

    select
        attached.*,
        case
            {{ refuse_key('touch_id') }}
            when known_campaign_id is null then 'campaign_missing'
            when account_id is null then 'account_missing'
            {{ refuse_date('occurred_on') }}
            when coalesce(touch_type, '') not in (
                'assigned', 'sent', 'opened', 'clicked', 'coupon_issued', 'coupon_redeemed'
            ) then 'type_unknown'
        end as reason_code
    from attached

),

{{ deduplicated('validated', 'touches', 'touch_id') }}

select * from deduplicated
