-- Phone and e-mail address of an account in the forms in which equal ones are equal: read once, since a phone has many
-- spellings. E-mail addresses are equal where their domain says so: some ignore dots, some what follows a '+'. Who writes
-- to somebody takes the address that they gave, which another one of the same mailbox need not be.
with told as (

    select
        account_id,
        {{ normalise_phone('phone') }} as phone,
        {{ email_address('email') }} as address
    from {{ ref('int_accounts') }}
    where phone is not null
        or email is not null

)

select
    told.account_id,
    told.phone,
    told.address,
    {{ canonical_email('told.address', 'rules') }} as email
from told
left join {{ ref('email_domain_rules') }} as rules on split_part(told.address, '@', 2) = rules.domain
