with validated as (

    select
        delivered.*,
        case
            {{ refuse_key('event_id') }}
            {{ refuse_date('occurred_on') }}
            when event_type is null then 'type_unknown'
            when event_type not in ('view', 'click', 'search', 'cart', 'favourite', 'checkout')
                then 'type_unknown'
        end as reason_code
    from {{ ref('int_events_delivered') }} as delivered

),

{{ deduplicated('validated', 'events', 'event_id') }}

select * from deduplicated
