-- E-mail addresses are equal where their domain says so: some ignore dots, some what follows a '+'. Who writes to somebody takes
-- the address that they gave, which another one of the same mailbox need not be.
with addresses as (

    select
        account_id,
        {{ email_address('email') }} as address
    from {{ ref('int_accounts') }}

)

select
    addresses.account_id,
    addresses.address,
    {{ canonical_email('addresses.address', 'rules') }} as email
from addresses
left join {{ ref('email_domain_rules') }} as rules on split_part(addresses.address, '@', 2) = rules.domain
where addresses.address is not null
