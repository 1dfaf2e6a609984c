with delivered as (

    select * from {{ ref('int_accounts_delivered') }}

),

validated as (

    select
        delivered.*,
        case when account_id is null then 'key_missing' end as reason_code
    from delivered

),

{{ deduplicated('validated', 'accounts', 'account_id') }}

select * from deduplicated
