-- customer_id is a pure function of the oldest account of the component, so that it survives
-- rebuilds, and the later accounts that come and go.
with accounts as (

    select * from {{ ref('int_accounts') }}

),

components as (

    select * from {{ ref('int_identity_components') }}

),

edges as (

    select * from {{ ref('int_identity_edges') }}

),

linked as (

    select
        accounts.account_id,
        accounts.registered_on,
        coalesce(components.component, accounts.account_id) as component
    from accounts
    left join components on accounts.account_id = components.node

),

aged as (

    select
        account_id,
        first_value(account_id) over (
            partition by component order by registered_on nulls last, account_id nulls last
        ) as oldest_account_id
    from linked

),

evidence as (

    select first_account_id as account_id, identifier_type from edges
    union all
    select account_id, identifier_type from edges

),

evidence_by_account as (

    select
        account_id,
        {{ join_array('identifier_type', ', ') }} as linked_by
    from evidence
    group by account_id

),

identified as (

    select
        aged.account_id,
        aged.oldest_account_id,
        {{ hash_key(['aged.oldest_account_id']) }} as customer_id,
        evidence_by_account.linked_by
    from aged
    left join evidence_by_account on aged.account_id = evidence_by_account.account_id

)

select * from identified
