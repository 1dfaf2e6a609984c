-- Value: the discounted purchase days of the horizon (BG/NBD or MBG/NBD) times the money of such a day
-- by Gamma-Gamma, which lies between the customer's own mean and everybody's:
--   E[M | x, m] = p (v + x m) / (p x + q - 1)
-- The interval holds the expectation, not the person: from the uncertainty of the parameters, by the
-- delta method on logarithms, interval_standard_deviations each way.
with statistics as (

    select * from {{ ref('int_ltv_statistics') }}
    where is_latest

),

spend_parameters as (

    select * from {{ ref('int_current_parameters') }}
    where model = 'gamma_gamma'

),

spend_model as (

    select
        version
        {%- for name in ['p', 'q', 'v'] %},
        max(value) filter (where parameter = '{{ name }}') as {{ name }}
        {%- for axis in [1, 2, 3] %},
        coalesce(max(value) filter (where feature = '{{ name }}' and knot = {{ axis }}), 0)
            as {{ name }}_axis_{{ axis }}
        {%- endfor %}
        {%- endfor %}
    from spend_parameters
    group by version

),

spent as (

    select
        statistics.*,
        spend_model.*,
        spend_model.p * (spend_model.v + cast(statistics.repeat_amount as double))
            / (spend_model.p * statistics.repeat_days + spend_model.q - 1) as amount,
        (spend_model.q - 1) / (spend_model.p * statistics.repeat_days + spend_model.q - 1) as p_slope,
        -spend_model.q / (spend_model.p * statistics.repeat_days + spend_model.q - 1) as q_slope,
        spend_model.v / (spend_model.v + cast(statistics.repeat_amount as double)) as v_slope
    from statistics
    cross join spend_model

),

valued as (

    select
        spent.customer_id,
        spent.as_of_date,
        spent.repeat_days,
        spent.active_days,
        spent.observed_days,
        spent.amount,
        spent.version as amount_version,
        purchases.version as purchase_version,
        purchases.probability_alive,
        purchases.purchases_90d,
        purchases.purchases,
        spent.amount * purchases.discounted_transactions as ltv,
        exp({{ var('interval_standard_deviations') }}e0 * sqrt(
            pow(purchases.log_standard_error, 2)
            {%- for axis in [1, 2, 3] %}
            + pow(p_slope * p_axis_{{ axis }} + q_slope * q_axis_{{ axis }} + v_slope * v_axis_{{ axis }}, 2)
            {%- endfor %}
        )) as spread
    from spent
    inner join {{ ref('int_ltv_expected_transactions') }} as purchases
        on spent.repeat_days = purchases.repeat_days
        and spent.active_days = purchases.active_days
        and spent.observed_days = purchases.observed_days

)

select
    customer_id,
    as_of_date,

    {{ round_half_up('ltv', 2) }} as ltv_amount,
    {{ round_half_up('ltv / spread', 2) }} as ltv_low_amount,
    {{ round_half_up('ltv * spread', 2) }} as ltv_high_amount,
    {{ round_half_up('purchases_90d', 9) }} as expected_transactions_90d,
    {{ round_half_up('purchases', 9) }} as expected_transactions,
    {{ round_half_up('amount', 2) }} as expected_transaction_amount,
    {{ round_half_up('probability_alive', 9) }} as probability_alive,

    repeat_days,
    active_days,
    observed_days,
    cast({{ var('ltv_horizon_days') }} as bigint) as horizon_days,
    purchase_version,
    amount_version
from valued
