-- What is compared of two accounts, in forms in which the same thing is equal, and how common each
-- value is.
{%- set names = var('default_birth_date_min_names') %}
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

born as (

    select
        accounts.account_id,
        accounts.source_system,
        names.name_key,
        cast({{ plausible_birth_date('accounts.birth_date', 'accounts.registered_on') }} as string) as birth_date
    from {{ ref('int_accounts') }} as accounts
    left join {{ ref('int_account_names') }} as names on accounts.account_id = names.account_id

),

days as (

    select
        source_system,
        birth_date,
        count(distinct name_key) as name_count
    from born
    where birth_date is not null
    group by source_system, birth_date

),

counted_days as (

    select
        days.*,
        sum(name_count) over (partition by source_system) as system_count,
        sum(case when birth_date like '%-01-01' then name_count end) over (partition by source_system) as new_year_count
    from days

),

-- What a form offers, or a system writes, where nobody says when they were born.
default_days as (

    select
        source_system,
        birth_date
    from counted_days
    where birth_date in ('{{ var('default_birth_dates') | join("', '") }}')
        or (name_count >= {{ names }} and name_count > {{ var('default_birth_date_min_share') }} * system_count)
        or (
            birth_date like '%-01-01'
            and new_year_count >= {{ names }}
            and new_year_count > {{ var('new_year_birth_date_min_share') }} * system_count
        )

),

attributes as (

    select
        accounts.account_id,
        names.given_name,
        names.family_name,
        names.given_hanzi,
        names.name_key,
        case when default_days.birth_date is null then born.birth_date end as birth_date,
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
    inner join born on accounts.account_id = born.account_id
    left join default_days
        on born.source_system = default_days.source_system
        and born.birth_date = default_days.birth_date
    left join {{ ref('int_account_names') }} as names on accounts.account_id = names.account_id

)

select
    attributes.*,
    {{ regex_replace_all('attributes.address', '[^0-9]+', '') }} as address_digits,
    {{ share_of_value(regex_replace_all('attributes.address', '[0-9]+', '')) }} as street_share,
    {{ regex_replace_all('attributes.email', '[^0-9]+', '') }} as email_digits
    {%- for feature in identity_comparisons() %},
    {{ share_of_value(feature) }} as {{ feature }}_share
    {%- endfor %}
from attributes
