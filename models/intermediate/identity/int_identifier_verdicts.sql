-- An identifier that joins more accounts than its type may, or that clerks type in place of one,
-- joins nobody.
with counted as (

    select
        identifier_type,
        identifier_value,
        count(*) as account_count
    from {{ ref('int_account_identifiers') }}
    group by identifier_type, identifier_value

)

select
    counted.*,
    case
        when blocklist.identifier_value is not null then 'blocklisted'
        when counted.account_count > rules.max_accounts then 'shared_by_too_many'
    end as refusal_reason
from counted
inner join {{ ref('identifier_rules') }} as rules on counted.identifier_type = rules.identifier_type
left join {{ ref('identifier_blocklist') }} as blocklist
    on counted.identifier_type = blocklist.identifier_type
    and counted.identifier_value = blocklist.identifier_value
