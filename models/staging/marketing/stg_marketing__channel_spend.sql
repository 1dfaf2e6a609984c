with source as (

    select * from {{ source('marketing', 'channel_spend') }}

),

renamed as (

    select
        {{ source_key('marketing', 'channel') }} || ':' || {{ day_key('spent_on', feed('marketing', 'channel_spend')) }}
            as channel_spend_id,
        {{ lower_ascii(clean_text('channel')) }} as channel,
        {{ parse_date('spent_on', feed('marketing', 'channel_spend')) }} as spent_on,
        {{ parse_decimal('amount', 2) }} as spend_amount,
        cast({{ parse_decimal('impressions', 0) }} as bigint) as impression_count,
        cast({{ parse_decimal('clicks', 0) }} as bigint) as click_count,
        'CNY' as currency,
        _line, _batch, _landed_at
    from source

)

select * from renamed
