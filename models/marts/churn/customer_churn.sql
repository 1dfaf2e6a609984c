-- The level is the first of the seed churn_levels that a customer reaches both in probability, as it is
-- published, and in spend, measured against the mean spend of those who bought within the window: who is
-- likely to leave and has nothing left to lose is gone. Compared in cents (spend × spenders against the
-- total): a mean in binary would call one of three equal spenders high.
with scores as (

    select
        customer_id,
        parameters_version,
        {{ round_half_up('churn_probability', 9) }} as churn_probability
    from {{ ref('int_churn_scores') }}

),

activity as (

    select
        activity.*,
        greatest(window_amount, 0) as amount_to_lose
    from {{ ref('int_customer_activity') }} as activity
    where is_latest

),

signals as (

    select
        customer_id
        {%- for signal in ['beyond_threshold', 'overdue', 'frequency_falling', 'amount_falling', 'membership_expired'] %},
        max(signal_value) filter (where signal = '{{ signal }}') as {{ signal }}_value
        {%- endfor %}
    from {{ ref('int_churn_signals') }}
    group by customer_id

),

spenders as (

    select
        count(*) as spender_count,
        coalesce(sum(window_amount), 0) as total_amount
    from activity
    where window_purchase_count > 0

),

weighed as (

    select
        scores.*,
        activity.as_of_date,
        activity.window_amount,
        activity.amount_to_lose,
        activity.window_amount * spenders.spender_count > spenders.total_amount as is_high_value,
        levels.churn_level,
        levels.level_name_en,
        levels.level_name_zh,
        row_number() over (
            partition by scores.customer_id
            order by
                levels.min_probability desc nulls last,
                levels.min_spend_ratio desc nulls last,
                levels.churn_level nulls last
        ) as level_rank
    from scores
    inner join activity on scores.customer_id = activity.customer_id
    cross join spenders
    left join {{ ref('churn_levels') }} as levels
        on cast(scores.churn_probability as double) >= levels.min_probability
        and (
            levels.min_spend_ratio = 0
            or (
                activity.amount_to_lose > 0
                and cast(activity.amount_to_lose * spenders.spender_count as double)
                    >= levels.min_spend_ratio * cast(spenders.total_amount as double)
            )
        )

)

select
    weighed.customer_id,
    weighed.as_of_date,

    weighed.churn_level,
    weighed.level_name_en,
    weighed.level_name_zh,
    weighed.churn_probability,
    {{ round_half_up('cast(weighed.churn_probability as double) * cast(weighed.amount_to_lose as double)', 2) }}
        as amount_at_risk,
    weighed.window_amount,

    signals.beyond_threshold_value as inactivity_ratio,
    signals.overdue_value as overdue_ratio,
    signals.frequency_falling_value as frequency_loss_share,
    signals.amount_falling_value as amount_loss_share,
    cast(signals.membership_expired_value as bigint) as days_since_membership_expiry,
    cast({{ var('churn_horizon_days') }} as bigint) as horizon_days,
    weighed.parameters_version,

    weighed.is_high_value
from weighed
left join signals on weighed.customer_id = signals.customer_id
where weighed.level_rank = 1
