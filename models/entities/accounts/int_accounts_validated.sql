with validated as (

    select
        delivered.*,
        case {{ refuse_key('account_id') }} end as reason_code
    from {{ ref('int_accounts_delivered') }} as delivered

),

{{ deduplicated('validated', 'accounts', 'account_id') }}

select * from deduplicated
