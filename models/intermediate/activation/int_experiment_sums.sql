-- All that intervals and tests need, whatever the number of people: of each arm and segment n, and of what is measured (y) and what
-- stands beside it (x) the sums, the sums of squares and of products. x is the same of the days before; of a ratio it is the
-- denominator. Reactivation is asked of the lapsed, retention of recent buyers; all else of everybody. Who has not been watched for the whole
-- of an observation waits: of 30, 60 or 90 days only those count who have been, so that an experiment that people join daily compares whole
-- months. The days of a campaign end for all at once, and are told so far.
{%- set metrics = {
    'orders': ('purchase_count', 'earlier_purchase_count', 'true'),
    'buyers': ('is_buyer', 'was_buyer', 'true'),
    'revenue': ('net_amount', 'earlier_net_amount', 'true'),
    'reactivation': ('is_buyer', 'was_buyer', "recency = 'lapsed'"),
    'retention': ('is_buyer', 'was_buyer', "recency = 'recent'"),
    'average_order_value': ('purchase_amount', 'purchase_count', 'true'),
    'refund_rate': ('refunded_amount', 'sold_amount', 'true'),
    'satisfaction': ('score', 'answer_count', 'true'),
} %}
{%- set segments = ['recency', 'spend_score', 'cause'] %}

with placed as (

    select
        outcomes.*,
        outcomes.is_over or outcomes.observation = 'campaign' as is_counted,
        members.arm,
        members.recency,
        members.spend_score,
        case when members.recency = 'lapsed' then coalesce(causes.cause, 'unknown') else 'not_lapsed' end as cause,
        cast(case when outcomes.purchase_count > 0 then 1 else 0 end as decimal(18,2)) as is_buyer,
        cast(case when outcomes.earlier_purchase_count > 0 then 1 else 0 end as decimal(18,2)) as was_buyer
    from {{ ref('int_experiment_outcomes') }} as outcomes
    inner join {{ ref('int_experiment_members') }} as members
        on outcomes.experiment_id = members.experiment_id
        and outcomes.customer_id = members.customer_id
    left join {{ ref('int_experiment_causes') }} as causes
        on outcomes.experiment_id = causes.experiment_id
        and outcomes.customer_id = causes.customer_id

),

summed as (

    select
        experiment_id,
        observation,
        case
            {%- for segment in segments %}
            when grouping({{ segment }}) = 0 then '{{ segment }}'
            {%- endfor %}
            else 'all'
        end as segment_type,
        coalesce({{ segments | join(', ') }}, 'all') as segment,
        arm
        {%- for metric, (y, x, asked) in metrics.items() %},
        count(*) filter (where not is_over and {{ asked }}) as {{ metric }}_waiting,
        count(*) filter (where is_counted and {{ asked }}) as {{ metric }}_n,
        count(*) filter (where {{ x }} <> 0 and is_counted and {{ asked }}) as {{ metric }}_known,
        count(*) filter (where {{ y }} <> 0 and is_counted and {{ asked }}) as {{ metric }}_happened,
        {%- for sum, term in [('y', y), ('yy', y ~ ' * ' ~ y), ('x', x), ('xx', x ~ ' * ' ~ x), ('xy', x ~ ' * ' ~ y)] %}
        cast(coalesce(sum({{ term }}) filter (where is_counted and {{ asked }}), 0) as double) as {{ metric }}_{{ sum }}{{ ',' if not loop.last }}
        {%- endfor %}
        {%- endfor %}
    from placed
    group by grouping sets (
        {%- for segment in segments %}
        (experiment_id, observation, arm, {{ segment }}),
        {%- endfor %}
        (experiment_id, observation, arm)
    )

)

{%- for metric in metrics %}
select
    experiment_id,
    observation,
    '{{ metric }}' as metric,
    segment_type,
    segment,
    arm,
    {{ metric }}_waiting as waiting_n,
    {{ metric }}_n as n,
    {{ metric }}_known as known_n,
    {{ metric }}_happened as happened_n
    {%- for sum in ['y', 'yy', 'x', 'xx', 'xy'] %},
    {{ metric }}_{{ sum }} as {{ sum }}
    {%- endfor %}
from summed
where {{ metric }}_n > 0
{{ 'union all' if not loop.last }}
{%- endfor %}
