-- Whose the devices are, and the accounts, by which visitors are told from one another: the customer's who alone has ever been
-- logged in on them. Where two have, nobody's.
with logins as (

    select identifiers.identifier_value as visitor_key, account_customers.customer_id
    from {{ ref('int_account_identifiers') }} as identifiers
    inner join {{ ref('int_account_customers') }} as account_customers
        on identifiers.account_id = account_customers.account_id
    where identifiers.identifier_type = 'device'
    union all
    select account_id, customer_id from {{ ref('int_account_customers') }}

),

owners as (

    select
        visitor_key, min(customer_id) as customer_id, min(customer_id) < max(customer_id) as is_shared
    from logins
    group by visitor_key

)

select
    owners.visitor_key,
    case when not owners.is_shared then owners.customer_id end as customer_id,
    owners.is_shared,
    refused.identifier_value is not null as is_refused
from owners
left join {{ ref('int_identifier_verdicts') }} as refused
    on owners.visitor_key = refused.identifier_value
    and refused.identifier_type = 'device'
    and refused.refusal_reason is not null
