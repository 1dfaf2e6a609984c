-- What lies ahead of a customer who is alive, as value counts it: the purchase days of ninety days, those
-- within the horizon, and these discounted to today, each step of the horizon at its middle.
{%- set horizon = var('ltv_horizon_days') %}

with steps as (

    select
        *,
        coalesce(lag(days_ahead) over steps_before, 0) as start_days,
        transactions_if_alive - coalesce(lag(transactions_if_alive) over steps_before, 0) as step_purchases
    from {{ ref('int_ltv_transactions_if_alive') }}
    window steps_before as (
        partition by axis, direction, repeat_days, observed_days order by days_ahead nulls last
    )

)

select
    axis,
    direction,
    repeat_days,
    observed_days,
    max(transactions_if_alive) filter (where days_ahead = 90) as purchases_90d,
    max(transactions_if_alive) filter (where days_ahead = {{ horizon }}) as purchases,
    cast(sum(
        cast(
            step_purchases
            / pow(1 + {{ var('ltv_discount_rate') }}, (start_days + days_ahead) / (2 * 365e0))
            as decimal(38,18)
        )
    ) filter (where days_ahead <= {{ horizon }}) as double) as discounted_transactions
from steps
group by axis, direction, repeat_days, observed_days
