-- What: no customer has more accounts than `identity_max_accounts`, unless a person has decided that two
-- of them must be linked.
-- Why: one number that many share and nobody knows of would make one giant customer of them.
-- Returns each customer with more, and the number of its accounts.
with account_customers as (

    select * from {{ ref('int_account_customers') }}

),

forced as (

    select distinct account_customers.customer_id
    from {{ ref('int_identity_decisions') }} as decisions
    inner join account_customers on decisions.account_id = account_customers.account_id
    inner join account_customers as others
        on decisions.other_account_id = others.account_id
        and account_customers.customer_id = others.customer_id
    where decisions.decision = 'must_link'

)

select
    account_customers.customer_id,
    count(*) as account_count
from account_customers
anti join forced on account_customers.customer_id = forced.customer_id
group by account_customers.customer_id
having count(*) > {{ var('identity_max_accounts') }}
