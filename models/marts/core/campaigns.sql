with accepted as (

    select * from {{ accepted('campaigns') }}

),

campaigns as (

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
    from accepted

)

select * from campaigns
