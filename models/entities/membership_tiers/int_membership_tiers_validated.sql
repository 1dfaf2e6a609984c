with validated as (

    select
        delivered.*,
        case
            when membership_tier_id is null then 'key_missing'
            when account_id is null then 'account_missing'
            {{ refuse_date('valid_from') }}
        end as reason_code
    from {{ ref('int_membership_tiers_delivered') }} as delivered

),

{{ deduplicated('validated', 'membership_tiers', 'membership_tier_id') }}

select * from deduplicated
