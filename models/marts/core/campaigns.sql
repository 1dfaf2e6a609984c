with checked as (

    select * from {{ ref('int_campaigns_checked') }}

),

accepted as (

    select
        campaign_id,
        source_system,
        source_campaign_id,

        campaign_name,
        objective,
        channel,
        assignment,

        starts_on,
        ends_on
    from checked
    where row_status = 'accepted'

)

select * from accepted
