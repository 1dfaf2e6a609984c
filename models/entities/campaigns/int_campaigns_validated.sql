-- A campaign may be planned, so that it may begin after its delivery.
with validated as (

    select
        delivered.*,
        case
            {{ refuse_key('campaign_id') }}
            when starts_on is null then 'time_unreadable'
            when {{ before_first_day('starts_on') }} then 'before_first_day'
        end as reason_code
    from {{ ref('int_campaigns_delivered') }} as delivered

),

{{ deduplicated('validated', 'campaigns', 'campaign_id') }}

select * from deduplicated
