-- What: the people of each arm and kind of segment, and what they spent, are those who were drawn and watched for the whole of an
-- observation; and every coupon that was used is counted.
-- Why: who is lost in one arm, or counted twice, makes a difference that nobody caused.
-- Returns what does not add up, and by how much.
{%- set days = var('experiment_windows')[0] %}

with kinds as (

    select 'all' as segment_type
    {%- for segment_type in ['recency', 'spend_score', 'cause'] %}
    union all
    select '{{ segment_type }}'
    {%- endfor %}

),

drawn as (

    select
        members.experiment_id,
        members.arm,
        kinds.segment_type,
        count(*) as people,
        sum(outcomes.net_amount) as revenue
    from {{ ref('int_experiment_members') }} as members
    cross join kinds
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and members.watched_from + {{ days }} <= latest.as_of_date
    left join {{ ref('int_experiment_outcomes') }} as outcomes
        on members.experiment_id = outcomes.experiment_id
        and members.customer_id = outcomes.customer_id
        and outcomes.observation = 'days_{{ days }}'
    group by members.experiment_id, members.arm, kinds.segment_type

),

summed as (

    select
        experiment_id,
        arm,
        segment_type,
        sum(n) filter (where metric = 'orders') as people,
        sum(y) filter (where metric = 'revenue') as revenue
    from {{ ref('int_experiment_sums') }}
    where observation = 'days_{{ days }}'
    group by experiment_id, arm, segment_type

),

used as (

    select
        (select coalesce(sum(redeemed_order_count), 0) from {{ ref('coupon_results') }})
        - (
            select count(*)
            from (
                select distinct touches.coupon_id, touches.order_id
                from {{ accepted('touches') }} as touches
                inner join {{ accepted('coupons') }} as coupons on touches.coupon_id = coupons.coupon_id
                inner join {{ ref('int_account_customers') }} as accounts on touches.account_id = accounts.account_id
                inner join {{ ref('int_as_of_dates') }} as latest
                    on latest.is_latest
                    and touches.occurred_on < latest.as_of_date
                where touches.touch_type = 'coupon_redeemed'
                    and touches.order_id is not null
            ) as redemptions
        ) as difference

),

differences as (

    {%- for measure in ['people', 'revenue'] %}
    select
        '{{ measure }} of ' || coalesce(drawn.arm, summed.arm) || ' in ' || coalesce(drawn.experiment_id, summed.experiment_id)
        || ' by ' || coalesce(drawn.segment_type, summed.segment_type) as what,
        coalesce(summed.{{ measure }}, 0) - coalesce(cast(drawn.{{ measure }} as double), 0) as difference
    from drawn
    full outer join summed
        on drawn.experiment_id = summed.experiment_id
        and drawn.arm = summed.arm
        and drawn.segment_type = summed.segment_type
    union all
    {%- endfor %}
    select 'coupons used', difference
    from used

)

select what, difference
from differences
where abs(difference) > 0.005
