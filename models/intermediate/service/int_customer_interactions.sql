-- What was said to the retailer before the latest day of analysis, by whom, and where: the store is the one that is named, else
-- that of the order; the touchpoint is the way of selling of the order, else the way in which it came. What happened on the day
-- or later has not happened yet: a survey that is answered then was only sent. Topics and channels called `all` are unknown, since
-- marts keep the word for all together; so is a topic called `none`, which service_effects keeps for purchases without a ticket.
{%- set is_said = 'interactions.occurred_on < latest.as_of_date' %}
{%- set said_on = 'case when ' ~ is_said ~ ' then interactions.occurred_on else interactions.invited_on end' %}
select
    interactions.interaction_id,
    account_customers.customer_id,
    interactions.order_id,
    coalesce(interactions.store_id, orders.store_id, 'no_store') as store_id,
    interactions.interaction_type,
    coalesce(case when {{ is_said }} and interactions.topic not in ('all', 'none') then interactions.topic end, 'unknown') as reason,
    coalesce(nullif(interactions.channel, 'all'), 'unknown') as channel,
    coalesce(orders.channel, nullif(interactions.channel, 'all'), 'unknown') as touchpoint,
    case when {{ is_said }} then interactions.score end as score,
    case
        when not {{ is_said }} then null
        when interactions.interaction_type = 'nps' and interactions.score between 0 and 10 then 'nps'
        when interactions.interaction_type in ('csat', 'review') and interactions.score between 1 and 5
            then interactions.interaction_type
    end as answer,
    interactions.reopened_count,
    case when {{ is_said }} then interactions.occurred_at end as occurred_at,
    {{ said_on }} as occurred_on,
    cast(date_trunc('month', {{ said_on }}) as date) as occurred_month,
    interactions.invited_on,
    case when {{ local_date('interactions.first_answered_at', "'" ~ var('contact_time_zone') ~ "'") }} < latest.as_of_date
        then interactions.first_answered_at end as first_answered_at,
    case when interactions.resolved_on < latest.as_of_date then interactions.resolved_at end as resolved_at,
    case when interactions.resolved_on < latest.as_of_date then interactions.resolved_on end as resolved_on,
    latest.as_of_date
from {{ accepted('interactions') }} as interactions
inner join {{ ref('int_as_of_dates') }} as latest
    on latest.is_latest and least(interactions.occurred_on, interactions.invited_on) < latest.as_of_date
left join {{ ref('int_account_customers') }} as account_customers on interactions.account_id = account_customers.account_id
left join {{ ref('int_orders') }} as orders on interactions.order_id = orders.order_id
