-- What everybody in an arm bought, gave back and said within each observation from their first day on, and what they bought in as
-- many days before it, which explains a part of what they would have bought anyway. An observation is 30, 60 or 90 days
-- (experiment_windows) or those of the campaign; of one that is not over it is what there is so far, for all arms alike. What was before is
-- worth what it was then: what was given back since may be what the campaign did.
{%- set measures = {
    '': ['purchase_count', 'net_amount', 'purchase_amount', 'sold_amount', 'refunded_amount', 'score', 'answer_count'],
    'earlier_': ['purchase_count', 'net_amount'],
} %}

with observations as (

    {%- for days in var('experiment_windows') %}
    select 'days_{{ days }}' as observation, {{ days }} as fixed_days
    union all
    {%- endfor %}
    select 'campaign', null

),

watched as (

    select
        members.experiment_id,
        members.customer_id,
        observations.observation,
        members.watched_from,
        coalesce(observations.fixed_days, {{ days_between('members.watched_from', 'members.ends_on') }} + 1) as watched_days,
        latest.as_of_date
    from {{ ref('int_experiment_members') }} as members
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and members.watched_from < latest.as_of_date
    cross join observations

),

spans as (

    select
        watched.*,
        cast(watched_from + interval '1' day * watched_days as date) as watched_until,
        cast(watched_from - interval '1' day * watched_days as date) as earlier_from
    from watched
    where watched_days > 0

),

sides as (

    select spans.*, false as is_earlier, watched_from as first_on, watched_until as until_on, as_of_date as known_by from spans
    union all
    select spans.*, true, earlier_from, watched_from, watched_from from spans

),

happened as (

    select
        customer_id, transacted_on as happened_on, effective_from, effective_to,
        case when is_purchase then 1 else 0 end as purchase_count,
        net_amount,
        case when is_purchase then net_amount else 0 end as purchase_amount,
        0 as sold_amount, 0 as refunded_amount, 0 as score, 0 as answer_count
    from {{ ref('int_transactions') }}
    union all
    select
        order_customers.customer_id, states.ordered_on, states.effective_from, states.effective_to,
        0, 0, 0, states.net_amount + states.refunded_amount, states.refunded_amount, 0, 0
    from {{ ref('int_order_states') }} as states
    inner join {{ ref('int_order_customers') }} as order_customers on states.order_id = order_customers.order_id
    where states.is_sold
    union all
    select customer_id, occurred_on, occurred_on, null, 0, 0, 0, 0, 0, score, 1
    from {{ ref('int_customer_interactions') }}
    where interaction_type in ('csat', 'review')
        and score between 1 and 5

)

select
    sides.experiment_id, sides.customer_id, sides.observation,
    sides.watched_until <= sides.as_of_date as is_over,
    {%- for part, side in [('', 'not sides.is_earlier'), ('earlier_', 'sides.is_earlier')] %}
    {%- for measure in measures[part] %}
    cast(coalesce(sum(happened.{{ measure }}) filter (where {{ side }}), 0) as decimal(18,2)) as {{ part }}{{ measure }},
    {%- endfor %}
    {%- endfor %}
    sides.watched_days
from sides
left join happened
    on sides.customer_id = happened.customer_id
    and happened.happened_on >= sides.first_on
    and happened.happened_on < sides.until_on
    and {{ stands_on('happened', 'sides.known_by') }}
group by sides.experiment_id, sides.customer_id, sides.observation, sides.watched_until, sides.watched_days, sides.as_of_date
