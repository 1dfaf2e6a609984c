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
from {{ ref('int_accounts') }} as accounts
inner join {{ ref('int_account_customers') }} as account_customers
    on accounts.account_id = account_customers.account_id
left join {{ ref('int_account_evidence') }} as evidence on accounts.account_id = evidence.account_id
