-- What is compared of two accounts, in forms in which the same thing is equal, and how common each
-- value is.
with believed as (

    select
        account_id,
        max(case when identifier_type = 'national_id' then identifier_value end) as national_id,
        max(case when identifier_type = 'union_id' then identifier_value end) as union_id,
        max(case when identifier_type = 'phone' then identifier_value end) as phone,
        max(case when identifier_type = 'email' then identifier_value end) as email
    from {{ ref('int_linking_identifiers') }}
    group by account_id

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
    from {{ ref('int_accounts') }} as accounts
    semi join {{ ref('int_account_nodes') }} as nodes on accounts.account_id = nodes.node
    left join believed on accounts.account_id = believed.account_id
    left join {{ ref('int_account_names') }} as names on accounts.account_id = names.account_id

)

select
    attributes.*
    {%- for feature in identity_comparisons() %},
    {{ share_of_value(feature) }} as {{ feature }}_share
    {%- endfor %}
from attributes
