with landed as (

    select * from {{ ref('int_coupons_landed') }}

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
            when coupon_id is null then 'key_missing'
            when known_campaign_id is null then 'campaign_missing'
        end as reason_code
    from attached

),

settled as (

    {{ settle_deliveries('validated', 'coupon_id') }}

)

select * from settled
