-- Decisions by people, each pair in the order in which pairs are compared, of accounts that are here.
-- Where two decisions contradict each other, the accounts stay apart.
select
    least(overrides.account_id, overrides.other_account_id) as account_id,
    greatest(overrides.account_id, overrides.other_account_id) as other_account_id,
    max(overrides.decision) as decision
from {{ ref('identity_overrides') }} as overrides
inner join {{ ref('int_accounts') }} as accounts on overrides.account_id = accounts.account_id
inner join {{ ref('int_accounts') }} as others on overrides.other_account_id = others.account_id
where overrides.account_id <> overrides.other_account_id
group by
    least(overrides.account_id, overrides.other_account_id),
    greatest(overrides.account_id, overrides.other_account_id)
