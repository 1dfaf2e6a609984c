-- Whose an identifier is: that of a customer, when all accounts that carry it are that customer's.
select
    identifiers.identifier_type,
    identifiers.identifier_value,
    rules.rank,
    case
        when count(distinct account_customers.customer_id) = 1
            then min(account_customers.customer_id)
    end as customer_id
from {{ ref('int_linking_identifiers') }} as identifiers
inner join {{ ref('identifier_rules') }} as rules on identifiers.identifier_type = rules.identifier_type
inner join {{ ref('int_account_customers') }} as account_customers
    on identifiers.account_id = account_customers.account_id
where rules.links_guests
group by identifiers.identifier_type, identifiers.identifier_value, rules.rank
