-- E-mail addresses are equal where their domain says so: some ignore dots, some what follows a '+'.
with accounts as (

    select * from {{ ref('int_accounts') }}

),

rules as (

    select * from {{ ref('email_domain_rules') }}

),

addresses as (

    select
        account_id,
        {{ email_address('email') }} as address
    from accounts

),

emails as (

    select
        addresses.account_id,
        {{ canonical_email('addresses.address', 'rules') }} as email
    from addresses
    left join rules on split_part(addresses.address, '@', 2) = rules.domain
    where addresses.address is not null

)

select * from emails
