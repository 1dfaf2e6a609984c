with source as (

    select * from {{ source('crm', 'tiers') }}

),

renamed as (

    select
        {{ source_key('crm', 'member_no') }} || ':' || {{ day_key('valid_from', feed('crm', 'tiers')) }}
            as membership_tier_id,
        {{ source_key('crm', 'member_no') }} as account_id,
        {{ clean_text('tier') }} as membership_tier,
        {{ parse_date('valid_from', feed('crm', 'tiers')) }} as valid_from,
        _line, _batch, _landed_at
    from source

)

select * from renamed
