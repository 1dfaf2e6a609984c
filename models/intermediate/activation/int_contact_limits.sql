-- Who must not be contacted for a purpose through a channel, and why: the one place that says so, and the first reason that
-- holds. Whose birth date nobody knows is taken for grown up. What was sent counts whichever campaign and channel it was of, and
-- what an audience of our own handed over counts as sent, once where it was reported too. So it does for who was left alone by lot:
-- another audience would reach them else, and the arms would differ by more than the message. An export is of its own day.
with campaign_messages as (

    select
        accounts.customer_id,
        touches.campaign_id,
        greatest(
            count(case when touches.touch_type = 'sent' then 1 end), max(case when touches.touch_type = 'assigned' then 1 else 0 end)
        ) as message_count
    from {{ accepted('touches') }} as touches
    inner join {{ ref('int_account_customers') }} as accounts on touches.account_id = accounts.account_id
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and {{ days_between('touches.occurred_on', 'latest.as_of_date') }} <= {{ whole_number('contact_cap_days', 1) }}
        and (
            (touches.touch_type = 'sent' and touches.occurred_on < latest.as_of_date)
            or (
                touches.touch_type = 'assigned'
                and touches.source_system = 'regulars'
                and touches.arm is not null
                and touches.occurred_on <= latest.as_of_date
            )
        )
    group by accounts.customer_id, touches.campaign_id

),

contacts as (

    select
        customer_id,
        cast(sum(message_count) as bigint) as contact_count
    from campaign_messages
    group by customer_id

),

suppressed as (

    select distinct accounts.customer_id
    from {{ ref('suppressions') }} as suppressions
    inner join {{ ref('int_account_customers') }} as accounts on suppressions.account_id = accounts.account_id
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and (suppressions.suppressed_until is null or suppressions.suppressed_until >= latest.as_of_date)

),

day_of_analysis as (

    select
        latest.as_of_date,
        {{ iso_weekday('latest.as_of_date') }} in (0{% for weekday in var('quiet_weekdays') %}, {{ weekday }}{% endfor %})
        or count(events.event) > 0 as is_quiet
    from {{ ref('int_as_of_dates') }} as latest
    left join {{ ref('calendar_events') }} as events
        on events.calendar = '{{ var("festival_calendar") }}'
        and events.event in ('{{ var("quiet_events") | join("', '") }}')
        and latest.as_of_date between events.first_on and events.last_on
    where latest.is_latest
    group by latest.as_of_date

)

select
    permissions.customer_id,
    permissions.purpose,
    permissions.channel,
    coalesce(contacts.contact_count, 0) as contact_count,
    case
        when not permissions.is_permitted then permissions.reason
        when suppressed.customer_id is not null then 'suppressed'
        when customers.birth_date > day_of_analysis.as_of_date - interval '{{ whole_number("minor_age_years", 0) }}' year then 'minor'
        when day_of_analysis.is_quiet then 'quiet_day'
        when contacts.contact_count >= {{ whole_number('contact_cap', 1) }} then 'too_many_contacts'
    end as refusal
from {{ ref('int_permissions') }} as permissions
inner join {{ ref('int_customers') }} as customers on permissions.customer_id = customers.customer_id
cross join day_of_analysis
left join suppressed on permissions.customer_id = suppressed.customer_id
left join contacts on permissions.customer_id = contacts.customer_id
