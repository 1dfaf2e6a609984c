with validated as (

    select
        delivered.*,
        case
            {{ refuse_key('consent_id') }}
            when account_id is null then 'account_missing'
            {{ refuse_date('changed_on') }}
            when consent_status is null then 'status_unknown'
            when consent_status not in ('granted', 'withdrawn') then 'status_unknown'
        end as reason_code
    from {{ ref('int_consents_delivered') }} as delivered

),

{{ deduplicated('validated', 'consents', 'consent_id') }}

select * from deduplicated
