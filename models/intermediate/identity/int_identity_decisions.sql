-- Decisions by people, each pair in the order in which pairs are compared, of accounts that are here.
-- Where two decisions contradict each other, the accounts stay apart.
with overrides as (

    select * from {{ ref('identity_overrides') }}

),

accounts as (

    select * from {{ ref('int_accounts') }}

),

decided as (

    select
        least(overrides.account_id, overrides.other_account_id) as account_id,
        greatest(overrides.account_id, overrides.other_account_id) as other_account_id,
        max(overrides.decision) as decision
    from overrides
    inner join accounts on overrides.account_id = accounts.account_id
    inner join accounts as others on overrides.other_account_id = others.account_id
    where overrides.account_id <> overrides.other_account_id
    group by
        least(overrides.account_id, overrides.other_account_id),
        greatest(overrides.account_id, overrides.other_account_id)

)

select * from decided
