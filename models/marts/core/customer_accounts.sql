with accounts as (

    select * from {{ ref('int_accounts') }}

),

account_customers as (

    select * from {{ ref('int_account_customers') }}

),

evidence as (

    select * from {{ ref('int_account_evidence') }}

),

linked as (

    select
        accounts.account_id,
        account_customers.customer_id,
        accounts.source_system,
        accounts.source_account_id,
        evidence.linked_by,
        accounts.acquisition_channel,
        coalesce({{ has_lookalikes('accounts.full_name') }}, false) as has_lookalike_name,
        accounts.is_inferred,
        accounts.registered_on
    from accounts
    inner join account_customers on accounts.account_id = account_customers.account_id
    left join evidence on accounts.account_id = evidence.account_id

)

select * from linked
