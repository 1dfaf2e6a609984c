-- Each identifier in the one form in which the same person's identifiers are equal. Of the contacts on its orders an
-- account has the one that most of them tell: the others are of people to whom something was sent. It is the account's
-- own where its record tells none of the kind; beside one it only says whose a guest's order with it may be.
with counted as (

    select
        account_id,
        identifier_type,
        identifier_value,
        count(*) as order_count,
        sum(count(*)) over (partition by account_id, identifier_type) as told_count
    from {{ ref('int_order_contacts') }}
    where account_id is not null
    group by account_id, identifier_type, identifier_value

),

normalised as (

    select
        account_id,
        'member_number' as identifier_type,
        {{ upper_ascii(plain_characters('member_number')) }} as identifier_value,
        true as is_in_record
    from {{ ref('int_accounts') }}
    union all
    select account_id, 'national_id', {{ upper_ascii(plain_characters('national_id')) }}, true
    from {{ ref('int_accounts') }}
    union all
    select account_id, 'union_id', union_id, true from {{ ref('int_accounts') }}
    union all
    select account_id, 'phone', phone, true from {{ ref('int_account_contacts') }}
    union all
    select account_id, 'email', email, true from {{ ref('int_account_contacts') }}
    union all
    select account_id, 'card_token', card_token, true from {{ ref('int_account_card_tokens') }}
    union all
    select account_id, 'device', device_id, true from {{ accepted('events') }}
    union all
    select account_id, identifier_type, identifier_value, false
    from counted
    where 2 * order_count > told_count

),

told as (

    select
        account_id,
        identifier_type,
        identifier_value,
        bool_or(is_in_record) as is_in_record
    from normalised
    where account_id is not null
        and identifier_value is not null
        and identifier_value <> '0'
    group by account_id, identifier_type, identifier_value

)

select
    told.*,
    told.is_in_record
    or not bool_or(told.is_in_record and placeholders.identifier_value is null) over (
        partition by told.account_id, told.identifier_type
    ) as is_own
from told
left join {{ ref('identifier_blocklist') }} as placeholders
    on told.identifier_type = placeholders.identifier_type
    and told.identifier_value = placeholders.identifier_value
