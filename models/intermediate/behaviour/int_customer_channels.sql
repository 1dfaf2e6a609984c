-- The channel that won a customer is the one that the oldest of their accounts names, of those that
-- name one.
with ranked as (

    select
        account_customers.customer_id,
        accounts.acquisition_channel,
        row_number() over (
            partition by account_customers.customer_id
            order by accounts.registered_on nulls last, accounts.account_id nulls last
        ) as account_rank
    from {{ ref('int_accounts') }} as accounts
    inner join {{ ref('int_account_customers') }} as account_customers
        on accounts.account_id = account_customers.account_id
    where accounts.acquisition_channel is not null

)

select
    customer_id,
    acquisition_channel
from ranked
where account_rank = 1
