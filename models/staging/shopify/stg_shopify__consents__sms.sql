{%- set feed = feed('shopify', 'customers') -%}

-- The export says how things stand, and not since when: an answer holds from the day on which it
-- landed.
with source as (

    select * from {{ source('shopify', 'customers') }}

),

renamed as (

    select
        {{ source_key('shopify', 'customer_id') }} || ':sms' as consent_id,
        {{ source_key('shopify', 'customer_id') }} as account_id,
        'marketing' as purpose,
        'sms' as channel,
        case accepts_sms when 'yes' then 'granted' when 'no' then 'withdrawn' end as consent_status,
        _landed_at as changed_at,
        cast(_landed_at as date) as changed_on,
        {{ row_kind('consents__sms', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed
