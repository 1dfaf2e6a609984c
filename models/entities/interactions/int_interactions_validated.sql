with validated as (

    select
        delivered.*,
        case
            {{ refuse_key('interaction_id') }}
            {{ refuse_date('occurred_on') }}
            when interaction_type is null then 'type_unknown'
            when interaction_type not in ('ticket', 'review', 'csat', 'nps', 'social_comment')
                then 'type_unknown'
        end as reason_code
    from {{ ref('int_interactions_delivered') }} as delivered

),

{{ deduplicated('validated', 'interactions', 'interaction_id') }}

select * from deduplicated
