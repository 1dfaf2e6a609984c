-- Signals become points (seed churn_signals); customers worth more than the mean get more points,
-- since losing them costs more; points become levels (seed churn_levels). A rule, not a probability.
with signals as (

    select * from {{ ref('int_churn_signals') }}

),

rfm as (

    select * from {{ ref('customer_rfm') }}

),

levels as (

    select * from {{ ref('churn_levels') }}

),

ranked as (

    select
        signals.*,
        row_number() over (
            partition by customer_id
            order by is_fired desc nulls last, points desc nulls last, signal nulls last
        ) as reason_rank
    from signals

),

gathered as (

    select
        customer_id,
        {%- for signal in ['beyond_window', 'overdue', 'frequency_falling', 'amount_falling', 'membership_expired'] %}
        max(signal_value) filter (where signal = '{{ signal }}') as {{ signal }}_value,
        {%- endfor %}
        {%- for rank in [1, 2, 3] %}
        max(signal) filter (where is_fired and reason_rank = {{ rank }}) as reason_{{ rank }},
        max(reason_en) filter (where is_fired and reason_rank = {{ rank }}) as reason_{{ rank }}_en,
        max(reason_zh) filter (where is_fired and reason_rank = {{ rank }}) as reason_{{ rank }}_zh,
        {%- endfor %}
        sum(points) as signal_points
    from ranked
    group by customer_id

),

weighed as (

    select
        gathered.*,
        rfm.as_of_date,
        rfm.segment_code like '__1' as is_high_value,
        case
            when signal_points > 0 and rfm.segment_code like '__1'
                then signal_points + {{ var('churn_high_value_points') }}
            else signal_points
        end as risk_points
    from gathered
    inner join rfm on gathered.customer_id = rfm.customer_id and rfm.is_latest

),

levelled as (

    select
        weighed.*,
        levels.churn_level,
        levels.level_name_en,
        levels.level_name_zh,
        row_number() over (
            partition by weighed.customer_id
            order by levels.min_points desc nulls last, levels.churn_level nulls last
        ) as level_rank
    from weighed
    left join levels on weighed.risk_points >= levels.min_points

),

final_levels as (

    select
        customer_id,
        as_of_date,

        churn_level,
        level_name_en,
        level_name_zh,
        reason_1,
        reason_1_en,
        reason_1_zh,
        reason_2,
        reason_2_en,
        reason_2_zh,
        reason_3,
        reason_3_en,
        reason_3_zh,

        cast(risk_points as bigint) as risk_points,
        beyond_window_value as lost_window_ratio,
        overdue_value as overdue_ratio,
        frequency_falling_value as frequency_loss_share,
        amount_falling_value as amount_loss_share,
        cast(membership_expired_value as bigint) as days_since_membership_expiry,

        is_high_value
    from levelled
    where level_rank = 1

)

select * from final_levels
