-- How long each ticket waited for its first answer and its solution, in the hours in which the service is staffed, and whether
-- its customer had to ask again. Staffed are the weekdays of service_weekdays between service_opens_hour and
-- service_closes_hour by the clock of contact_time_zone, but for the festivals of service_closed_events. Time is counted in
-- seconds since the first day, so that two moments are subtracted and no days are added up. In the night in which clocks are put
-- back an answer may show an earlier hour than its question: then nobody waited.
{%- set opens = whole_number('service_opens_hour', 0) * 3600 %}
{%- set closes = whole_number('service_closes_hour', var('service_opens_hour') + 1) * 3600 %}
{%- set second_of_day = 'mod(cast(floor(' ~ microseconds('local_at') ~ ' / 1000000) as bigint), 86400)' %}
{%- set moments = {'occurred_at': 'opened', 'first_answered_at': 'answered', 'resolved_at': 'resolved'} %}
{%- set again_days = whole_number('repeat_contact_days', 1) %}

with days as (

    select
        calendar_day,
        case
            {%- if var('service_closed_events') %}
            when event in ('{{ var("service_closed_events") | join("', '") }}') then 0
            {%- endif %}
            when iso_weekday not in ({{ var('service_weekdays') | join(', ') }}) then 0
            else {{ closes - opens }}
        end as staffed_seconds
    from {{ ref('int_calendar_days') }}

),

calendar as (

    select days.*, sum(staffed_seconds) over (order by calendar_day nulls last) - staffed_seconds as seconds_before
    from days

),

tickets as (

    select
        interactions.*,
        lead(occurred_on) over (
            partition by customer_id order by occurred_on nulls last, occurred_at nulls last, interaction_id nulls last
        ) as next_occurred_on
    from {{ ref('int_customer_interactions') }} as interactions
    where interaction_type = 'ticket'

),

moments as (

    {%- for moment in moments %}
    select
        interaction_id,
        '{{ moment }}' as moment,
        {{ local_time(moment, "'" ~ var('contact_time_zone') ~ "'") }} as local_at
    from tickets
    where {{ moment }} is not null
    {{- ' union all' if not loop.last }}
    {%- endfor %}

),

waited as (

    select
        moments.interaction_id,
        {%- for moment, second in moments.items() %}
        max(seconds_before + least(staffed_seconds, greatest(0, {{ second_of_day }} - {{ opens }})))
            filter (where moments.moment = '{{ moment }}') as {{ second }}_second{{ ',' if not loop.last }}
        {%- endfor %}
    from moments
    inner join calendar on cast(moments.local_at as date) = calendar.calendar_day
    group by moments.interaction_id

)

select
    tickets.interaction_id,
    tickets.customer_id,
    tickets.order_id,
    tickets.store_id,
    tickets.reason,
    tickets.channel,
    case
        when tickets.first_answered_at < tickets.occurred_at then null
        when waited.answered_second < waited.opened_second then 0
        else (waited.answered_second - waited.opened_second) / 3600e0
    end as answer_hours,
    case
        when tickets.resolved_at < tickets.occurred_at then null
        when waited.resolved_second < waited.opened_second then 0
        else (waited.resolved_second - waited.opened_second) / 3600e0
    end as solution_hours,
    tickets.reopened_count,
    case
        when tickets.customer_id is null or tickets.occurred_on + {{ again_days }} >= tickets.as_of_date then null
        else coalesce({{ days_between('tickets.occurred_on', 'tickets.next_occurred_on') }} <= {{ again_days }}, false)
    end as is_repeated,
    tickets.resolved_on is not null as is_resolved,
    tickets.occurred_on,
    tickets.occurred_month
from tickets
left join waited on tickets.interaction_id = waited.interaction_id
