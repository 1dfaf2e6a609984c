-- What each account says to a purpose through a channel. An answer that names no channel is for all of them, and a no that names no
-- purpose is for every one; a yes that names none is a yes to nothing. The last answer counts, and of two at one instant the stricter:
-- it takes the place of those before it, also when it has run out since. But a yes to all channels leaves the no to one of them that
-- it does not name: both are here. A no holds from the moment it is known, on the day itself and later too, since marts of a day may
-- be used long after it; a yes from the day on from which it is valid. Where consent_of_accounts is latest, all accounts of a customer
-- speak as one.
{%- set speaker = {'strictest': 'account_id', 'latest': 'customer_id'}[chosen('consent_of_accounts', ['strictest', 'latest'])] %}

with answers as (

    select
        account_customers.customer_id,
        consents.account_id,
        consents.consent_id,
        consents.purpose,
        consents.channel,
        consents.changed_on as answered_on,
        consents.valid_to,
        case
            when consents.consent_status = 'granted' and consents.valid_to < latest.as_of_date then 'expired'
            else consents.consent_status
        end as answer,
        -- What has no instant came first on its day where it is a yes, and last where it is a no.
        row_number() over (
            partition by account_customers.customer_id
            order by
                consents.changed_on desc nulls last,
                case when consents.changed_at is null and consents.consent_status = 'withdrawn' then 1 else 2 end nulls last,
                consents.changed_at desc nulls last,
                consents.consent_status desc nulls last,
                consents.valid_to nulls last,
                consents.consent_id nulls last
        ) as recency
    from {{ accepted('consents') }} as consents
    inner join {{ ref('int_account_customers') }} as account_customers
        on consents.account_id = account_customers.account_id
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    where consents.consent_status = 'withdrawn'
        or (
            consents.purpose is not null
            and consents.changed_on < latest.as_of_date
            and coalesce(consents.valid_from <= latest.as_of_date, true)
        )

),

purposes as (

    select purpose
    from answers
    where purpose is not null
    {%- for purpose in var('consent_purposes') %} union select '{{ purpose }}'{% endfor %}

),

channels as (

    select channel
    from answers
    where channel is not null
    {%- for channel in var('consent_channels') %} union select '{{ channel }}'{% endfor %}

),

ranked as (

    select
        answers.customer_id,
        answers.account_id,
        answers.consent_id,
        purposes.purpose,
        channels.channel,
        answers.answered_on,
        case when answers.answer != 'withdrawn' then answers.valid_to end as valid_to,
        answers.answer,
        answers.channel is not null as is_by_name,
        row_number() over (
            partition by answers.{{ speaker }}, purposes.purpose, channels.channel
            order by answers.recency nulls last, answers.consent_id nulls last
        ) as place,
        row_number() over (
            partition by answers.{{ speaker }}, purposes.purpose, channels.channel, answers.channel
            order by answers.recency nulls last, answers.consent_id nulls last
        ) as place_by_name
    from answers
    inner join purposes on answers.purpose = purposes.purpose or answers.purpose is null
    inner join channels on answers.channel = channels.channel or answers.channel is null

)

select
    customer_id,
    account_id,
    purpose,
    channel,
    consent_id,
    answered_on,
    valid_to,
    answer
from ranked
where place = 1
    or (place_by_name = 1 and is_by_name and answer = 'withdrawn')
