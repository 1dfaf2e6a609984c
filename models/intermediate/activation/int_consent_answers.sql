-- What each account says to a purpose through a channel. An answer that names no channel is for all, and a no that names no purpose; a
-- yes that names none is a yes to nothing, and ads are permitted by name alone. A no to what nobody knows is to all, and one that was
-- refused holds too. The last answer counts, also when it has run out since, and of two at one instant the stricter. But a yes to all
-- channels leaves the no to one that it does not name: both are here. A no holds from the moment it is known, on the day itself and
-- later too, since marts of a day may be used long after it; a yes from the day on from which it is valid. Where consent_of_accounts is
-- latest, all accounts of a customer speak as one.
{%- set speaker = {'strictest': 'account_id', 'latest': 'customer_id'}[chosen('consent_of_accounts', ['strictest', 'latest'])] %}
{%- set known_purposes = var('consent_purposes') + ['personalisation'] %}

with delivered as (

    select
        consents.*,
        consents.row_status = 'quarantined' or consents.consent_status = 'withdrawn' as is_no,
        -- Of what was refused before its date was found good, it is known that it was said before it landed.
        coalesce(consents.reason_code, 'status_unknown') = 'status_unknown' as is_dated,
        case
            when coalesce(consents.reason_code, 'status_unknown') = 'status_unknown' then consents._staging_model
            else consents._batch
        end as clock
    from {{ ref('int_consents_validated') }} as consents
    where consents.row_status = 'accepted'
        or (consents.row_status = 'quarantined' and consents.consent_status is distinct from 'granted')

),

said as (

    select
        account_customers.customer_id,
        delivered.account_id,
        case
            when delivered.row_status = 'accepted' then delivered.consent_id
            else delivered._staging_model || ':' || delivered._batch || ':' || delivered._line
        end as consent_id,
        case when not delivered.is_no or delivered.purpose in ('{{ known_purposes | join("', '") }}') then delivered.purpose end as purpose,
        case when not delivered.is_no or channels.channel is not null then delivered.channel end as channel,
        case when delivered.is_dated then delivered.changed_on else cast(delivered._landed_at as date) end as answered_on,
        case when not delivered.is_no then delivered.valid_to end as valid_to,
        case
            when delivered.is_no then 'withdrawn'
            when delivered.valid_to < latest.as_of_date then 'expired'
            else 'granted'
        end as answer,
        -- Days are compared where one clock has dated all that somebody said, and instants anyway. What has none came last on its day
        -- where it is a no, and first where it is a yes, wherever on earth that day was.
        case
            when min(delivered.clock) over (partition by account_customers.{{ speaker }})
                = max(delivered.clock) over (partition by account_customers.{{ speaker }}) then delivered.changed_on
        end as local_day,
        case
            when not delivered.is_dated then delivered._landed_at
            when delivered.changed_at is not null then delivered.changed_at
            when delivered.is_no then cast(delivered.changed_on as timestamp) + interval '36' hour
            else cast(delivered.changed_on as timestamp) - interval '14' hour
        end as said_at
    from delivered
    inner join {{ ref('int_account_customers') }} as account_customers on delivered.account_id = account_customers.account_id
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
    left join {{ ref('contact_channels') }} as channels on delivered.channel = channels.channel
    where delivered.is_no
        or (delivered.changed_on < latest.as_of_date and coalesce(delivered.valid_from <= latest.as_of_date, true)
            and delivered.purpose is not null)

),

answers as (

    select
        said.*,
        row_number() over (
            partition by {{ speaker }}
            order by
                local_day desc nulls last,
                said_at desc nulls last,
                case answer when 'withdrawn' then 1 else 2 end nulls last,
                valid_to nulls last,
                consent_id nulls last
        ) as recency
    from said

),

scopes as (

    select
        purposes.purpose,
        channels.channel
    from (
        select purpose from answers where purpose is not null
        {%- for purpose in known_purposes %} union select '{{ purpose }}'{% endfor %}
    ) as purposes
    cross join (select channel from answers where channel is not null union select channel from {{ ref('contact_channels') }}) as channels

),

ranked as (

    select
        answers.*,
        scopes.purpose as scope_purpose,
        scopes.channel as scope_channel,
        row_number() over (
            partition by answers.{{ speaker }}, scopes.purpose, scopes.channel
            order by answers.recency nulls last, answers.consent_id nulls last
        ) as place,
        row_number() over (
            partition by answers.{{ speaker }}, scopes.purpose, scopes.channel, answers.channel
            order by answers.recency nulls last, answers.consent_id nulls last
        ) as place_by_name
    from answers
    inner join scopes
        on (answers.purpose = scopes.purpose or answers.purpose is null)
        and (answers.channel = scopes.channel or (answers.channel is null and (answers.answer = 'withdrawn' or scopes.channel <> 'ads')))

)

select customer_id, account_id, scope_purpose as purpose, scope_channel as channel, consent_id, answered_on, valid_to, answer
from ranked
where place = 1 or (place_by_name = 1 and channel is not null and answer = 'withdrawn')
