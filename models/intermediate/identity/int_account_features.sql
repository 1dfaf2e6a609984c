-- What is compared of two accounts, in forms in which the same thing is equal, and how common each
-- value is.
with accounts as (

    select * from {{ ref('int_accounts') }}

),

names as (

    select * from {{ ref('int_account_names') }}

),

identifiers as (

    select * from {{ ref('int_account_identifiers') }}

),

verdicts as (

    select * from {{ ref('int_identifier_verdicts') }}

),

believed as (

    select
        identifiers.account_id,
        max(case when identifiers.identifier_type = 'national_id' then identifiers.identifier_value end) as national_id,
        max(case when identifiers.identifier_type = 'union_id' then identifiers.identifier_value end) as union_id,
        max(case when identifiers.identifier_type = 'phone' then identifiers.identifier_value end) as phone,
        max(case when identifiers.identifier_type = 'email' then identifiers.identifier_value end) as email
    from identifiers
    inner join verdicts
        on identifiers.identifier_type = verdicts.identifier_type
        and identifiers.identifier_value = verdicts.identifier_value
    where verdicts.refusal_reason is null
    group by identifiers.account_id

),

attributes as (

    select
        accounts.account_id,
        names.given_name,
        names.family_name,
        names.given_hanzi,
        names.name_key,
        cast({{ plausible_birth_date('accounts.birth_date', 'accounts.registered_on') }} as string) as birth_date,
        {{ normalise_address('accounts.address') }} as address,
        {{ normalise_address('accounts.city') }} as city,
        {{ upper_ascii(plain_characters('accounts.postcode')) }} as postcode,
        believed.phone,
        believed.email,
        believed.national_id,
        believed.union_id
    from accounts
    left join believed on accounts.account_id = believed.account_id
    left join names on accounts.account_id = names.account_id

),

features as (

    select
        attributes.*
        {%- for feature in identity_comparisons() %},
        {{ share_of_value(feature) }} as {{ feature }}_share
        {%- endfor %}
    from attributes

)

select * from features
