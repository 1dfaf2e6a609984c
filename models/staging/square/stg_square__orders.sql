{%- set feed = feed('square', 'transactions') -%}
{%- set hour = "try_cast(split_part(sold_at, ':', 1) as bigint)" -%}

with source as (

    select
        *,
        sold_on || ' ' || sold_at || ' ' || sold_in as sold
    from {{ source('square', 'transactions') }}

),

renamed as (

    select
        {{ source_key('square', 'transaction_id') }} as order_id,
        {{ clean_key('transaction_id') }} as source_order_id,
        {{ source_key('square', 'customer_id') }} as account_id,
        {{ source_key('square', 'location') }} as store_id,
        'store' as channel,
        {{ utc_instant('sold', feed) }} as ordered_at,
        {{ parse_date('sold_on', feed) }} as ordered_on,
        case
            when lower(sold_at) like '%am' then mod({{ hour }}, 12)
            when lower(sold_at) like '%pm' then mod({{ hour }}, 12) + 12
            else {{ hour }}
        end as ordered_hour,
        case coalesce(transaction_status, 'Complete')
            when 'Complete' then 'paid'
            when 'Pending' then 'unpaid'
            when 'Voided' then 'cancelled' when 'Canceled' then 'cancelled' when 'Failed' then 'cancelled'
        end as order_status,
        '{{ feed.currency }}' as currency,
        {{ row_kind('orders', feed) }} as _row_kind,
        _line, _batch, _landed_at
    from source

)

select * from renamed
