with landed as (

    select * from {{ ref('int_channel_spend_landed') }}

),

validated as (

    select
        landed.*,
        case
            when channel_spend_id is null then 'key_missing'
            {{ refuse_date('spent_on') }}
            when spend_amount is null then 'amount_unreadable'
        end as reason_code
    from landed

),

settled as (

    {{ settle_deliveries('validated', 'channel_spend_id') }}

)

select * from settled
