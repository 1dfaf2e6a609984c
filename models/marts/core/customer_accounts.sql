select
    account_customers.account_id,
    account_customers.customer_id,
    account_customers.source_system,
    coalesce(accounts.source_account_id, {{ unqualified('account_customers.account_id') }}) as source_account_id,
    evidence.linked_by,
    accounts.acquisition_channel,
    coalesce({{ has_lookalikes('accounts.full_name') }}, false) as has_lookalike_name,
    coalesce(accounts.is_inferred, true) as is_inferred,
    account_customers.is_guest,
    accounts.registered_on
from {{ ref('int_account_customers') }} as account_customers
left join {{ ref('int_accounts') }} as accounts on account_customers.account_id = accounts.account_id
left join {{ ref('int_account_evidence') }} as evidence on account_customers.account_id = evidence.account_id
