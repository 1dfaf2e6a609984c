-- Each identifier in the one form in which the same person's identifiers are equal.
with normalised as (

    select
        account_id,
        'member_number' as identifier_type,
        {{ upper_ascii(plain_characters('member_number')) }} as identifier_value
    from {{ ref('int_accounts') }}
    union all
    select account_id, 'national_id', {{ upper_ascii(plain_characters('national_id')) }}
    from {{ ref('int_accounts') }}
    union all
    select account_id, 'union_id', union_id from {{ ref('int_accounts') }}
    union all
    select account_id, 'phone', {{ normalise_phone('phone') }} from {{ ref('int_accounts') }}
    union all
    select account_id, 'email', email from {{ ref('int_account_emails') }}
    union all
    select account_id, 'card_token', card_token from {{ ref('int_account_card_tokens') }}
    union all
    select account_id, 'device', device_id from {{ accepted('events') }}

)

select distinct
    account_id,
    identifier_type,
    identifier_value
from normalised
where account_id is not null
    and identifier_value is not null
    and identifier_value <> '0'
