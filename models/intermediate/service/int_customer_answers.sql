-- What customers answered, and what they were asked, each in a month of its own: an invitation is of the month in which it was sent,
-- whenever it was answered.
select
    interaction_id,
    occurred_month as said_month,
    customer_id,
    touchpoint,
    answer,
    score
from {{ ref('int_customer_interactions') }}
where answer is not null
union all
select
    interaction_id,
    cast(date_trunc('month', least(invited_on, occurred_on)) as date),
    customer_id,
    touchpoint,
    'invitation',
    case when answer is not null then score end
from {{ ref('int_customer_interactions') }}
where invited_on is not null
    and interaction_type in ('csat', 'nps', 'review')
