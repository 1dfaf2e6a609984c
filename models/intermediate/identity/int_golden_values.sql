-- The golden record: of what the accounts of a customer say, each field has the value that its rule
-- prefers. Every rule is an order of the accounts, and ends with the account's name.
with known as (

    select
        account_customers.customer_id,
        account_values.*,
        rules.rule,
        trust.trust,
        lifespans.last_seen_on,
        count(*) over (
            partition by account_customers.customer_id, account_values.field, account_values.value
        ) as value_count
    from {{ ref('int_account_values') }} as account_values
    inner join {{ ref('int_account_customers') }} as account_customers
        on account_values.account_id = account_customers.account_id
    inner join {{ ref('golden_record_rules') }} as rules on account_values.field = rules.field
    left join {{ ref('source_trust') }} as trust on account_values.source_system = trust.source_system
    left join {{ ref('int_account_lifespans') }} as lifespans
        on account_values.account_id = lifespans.account_id

),

preferred as (

    select
        known.*,
        row_number() over (
            partition by customer_id, field
            order by
                case when rule = 'oldest_account' then registered_on end nulls last,
                case when rule = 'latest_value' then value end desc nulls last,
                case when rule = 'most_frequent' then value_count end desc nulls last,
                case when rule in ('most_frequent', 'most_trusted') then trust end nulls last,
                case when rule <> 'oldest_account' then last_seen_on end desc nulls last,
                account_id nulls last
        ) as preference
    from known

)

select
    customer_id,
    field,
    value,
    account_id,
    source_system,
    rule
from preferred
where preference = 1
