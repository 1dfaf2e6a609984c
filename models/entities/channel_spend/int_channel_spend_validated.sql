with validated as (

    select
        delivered.*,
        case
            {{ refuse_key('channel_spend_id') }}
            {{ refuse_date('spent_on') }}
            when spend_amount is null then 'amount_unreadable'
        end as reason_code
    from {{ ref('int_channel_spend_delivered') }} as delivered

),

{{ deduplicated('validated', 'channel_spend', 'channel_spend_id') }}

select * from deduplicated
