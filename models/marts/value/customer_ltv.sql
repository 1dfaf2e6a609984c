-- Value: the discounted purchase days of the horizon (BG/NBD or MBG/NBD) times the money of such a day by
-- Gamma-Gamma, which lies between the customer's own mean and everybody's:
--   E[M | x, m] = p (v + x m) / (p x + q - 1)
-- The parameters that ship know no money: their v is a multiple of the shop's own mean spend of a purchase day.
-- The range of four of five customers is multiples of value. The interval of the expectation is of the uncertainty of the
-- parameters, by the delta method on logarithms, interval_standard_deviations each way.
with statistics as (

    select
        *,
        case when repeat_days > 0 then greatest(cast(repeat_amount as double), 0) else 0 end as repeat_spend
    from {{ ref('int_latest_ltv_statistics') }}

),

shop as (

    select
        greatest(cast(sum(total_amount) as double) / sum(repeat_days + 1), 0) as mean_amount,
        count(*) filter (where repeat_days > 0) as repeater_count
    from statistics

),

spend_model as (

    select
        version
        {%- for name in ['p', 'q', 'v', 'v_in_means'] %},
        max(value) filter (where parameter = '{{ name }}') as {{ name }}
        {%- endfor %}
        {%- for name in ['p', 'q', 'v'] %}
        {%- for axis in [1, 2, 3] %},
        coalesce(max(value) filter (where feature = '{{ name }}' and knot = {{ axis }}), 0) as {{ name }}_axis_{{ axis }}
        {%- endfor %}
        {%- endfor %}
    from {{ ref('int_current_parameters') }}
    where model = 'gamma_gamma'
    group by version

),

spenders as (

    select
        statistics.*,
        shop.repeater_count,
        spend_model.*,
        coalesce(spend_model.v, spend_model.v_in_means * shop.mean_amount) as scale,
        spend_model.p * statistics.repeat_days + spend_model.q - 1 as weight
    from statistics
    cross join shop
    cross join spend_model

),

valued as (

    select
        spenders.*,
        purchases.version as purchase_version,
        purchases.probability_alive,
        purchases.purchases_90d,
        purchases.purchases,
        ranges.version as range_version,
        ranges.low_multiple,
        ranges.high_multiple,
        spenders.p * (spenders.scale + spenders.repeat_spend) / spenders.weight as amount,
        spenders.p * (spenders.scale + spenders.repeat_spend) / spenders.weight * purchases.discounted_transactions as ltv,
        exp({{ var('interval_standard_deviations') }}e0 * sqrt(
            pow(purchases.log_standard_error, 2)
            {%- for axis in [1, 2, 3] %}
            + pow(
                (q - 1) / weight * p_axis_{{ axis }}
                - q / weight * q_axis_{{ axis }}
                + coalesce(scale / nullif(scale + repeat_spend, 0), 0) * v_axis_{{ axis }},
                2
            )
            {%- endfor %}
        )) as spread
    from spenders
    inner join {{ ref('int_ltv_expected_transactions') }} as purchases
        on spenders.repeat_days = purchases.repeat_days
        and spenders.active_days = purchases.active_days
        and spenders.observed_days = purchases.observed_days
    inner join {{ ref('int_ltv_ranges') }} as ranges
        on spenders.repeat_days = ranges.repeat_days
        and spenders.active_days = ranges.active_days
        and spenders.observed_days = ranges.observed_days

)

select
    customer_id,
    as_of_date,

    {{ round_half_up('ltv', 2) }} as ltv_amount,
    {{ round_half_up('ltv * low_multiple', 2) }} as ltv_p10_amount,
    {{ round_half_up('ltv * high_multiple', 2) }} as ltv_p90_amount,
    {{ round_half_up('ltv / spread', 2) }} as ltv_expected_low_amount,
    {{ round_half_up('ltv * spread', 2) }} as ltv_expected_high_amount,
    {{ round_half_up('purchases_90d', 9) }} as expected_transactions_90d,
    {{ round_half_up('purchases', 9) }} as expected_transactions,
    {{ round_half_up('amount', 2) }} as expected_transaction_amount,
    {{ round_half_up('probability_alive', 9) }} as probability_alive,

    repeat_days,
    active_days,
    observed_days,
    cast({{ var('ltv_horizon_days') }} as bigint) as horizon_days,
    repeater_count < {{ whole_number('ltv_min_repeaters', 1) }} or purchase_version = 0 or version = 0 as is_provisional,
    purchase_version,
    version as amount_version,
    range_version
from valued
