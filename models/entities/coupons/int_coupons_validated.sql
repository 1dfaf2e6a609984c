with attached as (

    select
        delivered.*,
        campaigns.campaign_id as known_campaign_id
    from {{ ref('int_coupons_delivered') }} as delivered
    left join {{ accepted('campaigns') }} as campaigns on delivered.campaign_id = campaigns.campaign_id

),

validated as (

    select
        attached.*,
        case
            {{ refuse_key('coupon_id') }}
            when known_campaign_id is null then 'campaign_missing'
        end as reason_code
    from attached

),

{{ deduplicated('validated', 'coupons', 'coupon_id') }}

select * from deduplicated
