-- How many people and sessions come how far, by the day and the channel of the session and by who they were that morning.
-- Whoever comes by two channels in a day counts in both. Nobody unknown is ever seen to buy, so that their purchases are
-- unknown, and so is what people do within days that are not over.
with latest as (

    select as_of_date from {{ ref('int_as_of_dates') }} where is_latest

),

visitors as (

    select
        sessions.started_on,
        sessions.channel,
        sessions.customer_type,
        sessions.visitor_id,
        max(sessions.step_reached) as step_reached,
        max(sessions.step_reached_later) as step_reached_later,
        count(*) as view_count,
        count(*) filter (where sessions.step_reached >= 2) as cart_count,
        count(*) filter (where sessions.step_reached >= 3) as checkout_count,
        count(*) filter (where sessions.step_reached >= 4) as purchase_count
    from {{ ref('int_session_steps') }} as sessions
    inner join latest on sessions.started_on < latest.as_of_date
    group by sessions.started_on, sessions.channel, sessions.customer_type, sessions.visitor_id

),

tallied as (

    select
        started_on,
        channel,
        customer_type,
        step_reached,
        step_reached_later,
        count(*) as people_count,
        sum(view_count) as view_count,
        sum(cart_count) as cart_count,
        sum(checkout_count) as checkout_count,
        sum(purchase_count) as purchase_count
    from visitors
    group by started_on, channel, customer_type, step_reached, step_reached_later

),

steps as (

    select forms.funnel_form, names.step_number, names.step
    from (select 'session' as funnel_form union all select 'seven_days') as forms
    cross join (
        select 1 as step_number, 'view' as step
        union all select 2, 'cart'
        union all select 3, 'checkout'
        union all select 4, 'purchase'
    ) as names

),

counted as (

    select
        tallied.started_on,
        tallied.channel,
        tallied.customer_type,
        steps.funnel_form,
        steps.step_number,
        steps.step,
        sum(
            case
                when steps.step_number <= case steps.funnel_form
                    when 'session' then tallied.step_reached
                    else tallied.step_reached_later
                end
                    then tallied.people_count
                else 0
            end
        ) as people_count,
        sum(
            case steps.step
                when 'view' then tallied.view_count
                when 'cart' then tallied.cart_count
                when 'checkout' then tallied.checkout_count
                else tallied.purchase_count
            end
        ) as session_count
    from tallied
    cross join steps
    group by
        tallied.started_on, tallied.channel, tallied.customer_type,
        steps.funnel_form, steps.step_number, steps.step

),

known as (

    select
        counted.*,
        not (customer_type = 'unknown' and step = 'purchase') as is_seen,
        funnel_form = 'session'
        or step = 'view'
        or {{ days_between('counted.started_on', 'latest.as_of_date') }} > {{ var('funnel_days') }} as is_over
    from counted
    cross join latest

)

select
    started_on,
    {{ days_between("cast('" ~ var('earliest_business_date') ~ "' as date)", 'started_on') }} as day_number,
    channel,
    customer_type,
    funnel_form,
    cast(step_number as bigint) as step_number,
    step,
    case when is_seen and is_over then cast(people_count as bigint) end as people_count,
    case when is_seen and funnel_form = 'session' then cast(session_count as bigint) end as session_count,
    cast(
        lag(people_count) over (
            partition by started_on, channel, customer_type, funnel_form order by step_number nulls last
        ) as bigint
    ) as previous_people_count
from known
