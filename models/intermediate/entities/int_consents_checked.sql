with landed as (

    select * from {{ ref('int_consents_landed') }}

),

validated as (

    select
        landed.*,
        case
            when consent_id is null then 'key_missing'
            when account_id is null then 'account_missing'
            {{ refuse_date('changed_on') }}
            when consent_status is null then 'status_unknown'
            when consent_status not in ('granted', 'withdrawn') then 'status_unknown'
        end as reason_code
    from landed

),

settled as (

    {{ settle_deliveries('validated', 'consent_id') }}

)

select * from settled
