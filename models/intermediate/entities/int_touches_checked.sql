with landed as (

    select * from {{ ref('int_touches_landed') }}

),

campaigns as (

    select * from {{ ref('int_campaigns_checked') }}
    where row_status = 'accepted'

),

attached as (

    select
        landed.*,
        campaigns.campaign_id as known_campaign_id
    from landed
    left join campaigns on landed.campaign_id = campaigns.campaign_id

),

validated as (

    select
        attached.*,
        case
            when touch_id is null then 'key_missing'
            when known_campaign_id is null then 'campaign_missing'
            when account_id is null then 'account_missing'
            {{ refuse_date('occurred_on') }}
            when touch_type is null then 'type_unknown'
            when touch_type not in (
                'assigned', 'sent', 'opened', 'clicked', 'coupon_issued', 'coupon_redeemed'
            ) then 'type_unknown'
        end as reason_code
    from attached

),

settled as (

    {{ settle_deliveries('validated', 'touch_id') }}

)

select * from settled
