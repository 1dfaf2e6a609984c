with validated as (

    select
        delivered.*,
        case when account_id is null then 'key_missing' end as reason_code
    from {{ ref('int_accounts_delivered') }} as delivered

),

{{ deduplicated('validated', 'accounts', 'account_id') }}

select * from deduplicated
