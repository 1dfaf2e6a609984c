with delivered as (

    select * from {{ ref('int_coupons_delivered') }}

),

campaigns as (

    select * from {{ accepted('campaigns') }}

),

attached as (

    select
        delivered.*,
        campaigns.campaign_id as known_campaign_id
    from delivered
    left join campaigns on delivered.campaign_id = campaigns.campaign_id

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

{{ deduplicated('validated', 'coupons', 'coupon_id') }}

select * from deduplicated
