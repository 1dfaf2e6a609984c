with landed as (

    select * from {{ ref('int_membership_tiers_landed') }}

),

validated as (

    select
        landed.*,
        case
            when membership_tier_id is null then 'key_missing'
            when account_id is null then 'account_missing'
            {{ refuse_date('valid_from') }}
        end as reason_code
    from landed

),

settled as (

    {{ settle_deliveries('validated', 'membership_tier_id') }}

)

select * from settled
