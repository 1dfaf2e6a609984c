with validated as (

    select
        delivered.*,
        case
            {{ refuse_key('membership_tier_id') }}
            when account_id is null then 'account_missing'
            {{ refuse_date('valid_from') }}
        end as reason_code
    from {{ ref('int_membership_tiers_delivered') }} as delivered

),

{{ deduplicated('validated', 'membership_tiers', 'membership_tier_id') }}

select * from deduplicated
