-- What four of five customers will spend, as multiples of what is expected of them, by the purchase days expected:
-- of few, most will spend nothing and some many times as much; of many, nobody is far off. The multiples at the knots
-- are those found on the hold-out; straight lines lie between them, and the outermost go on.
-- A range of `days` is carried to the end of the horizon by two readings, of which the wider counts: at the purchase days
-- expected by then, and at those of the first `days`, as if nothing evened out any more.
with knots as (

    select
        knot,
        max(value) filter (where feature = 'low') as low,
        max(value) filter (where feature = 'high') as high
    from {{ ref('int_current_parameters') }}
    where model = 'ltv_range'
        and feature is not null
    group by knot

),

segments as (

    select
        knot,
        low,
        high,
        coalesce(lead(low) over by_knot - low, 0) as low_rise,
        coalesce(lead(high) over by_knot - high, 0) as high_rise,
        lead(knot) over by_knot as next_knot,
        min(knot) over () as first_knot
    from knots
    window by_knot as (order by knot nulls last)

),

days as (

    select
        version,
        value
    from {{ ref('int_current_parameters') }}
    where model = 'ltv_range'
        and parameter = 'days'

),

readings as (

    select
        expected.repeat_days,
        expected.active_days,
        expected.observed_days,
        days.version,
        expected.purchases
    from {{ ref('int_ltv_expected_transactions') }} as expected
    cross join days
    union all
    select
        expected.repeat_days,
        expected.active_days,
        expected.observed_days,
        days.version,
        expected.purchases * days.value / {{ var('ltv_horizon_days') }}
    from {{ ref('int_ltv_expected_transactions') }} as expected
    cross join days

),

placed as (

    select
        readings.*,
        segments.low,
        segments.high,
        segments.low_rise,
        segments.high_rise,
        coalesce(
            (greatest(readings.purchases, segments.knot) - segments.knot) / (segments.next_knot - segments.knot), 0
        ) as way
    from readings
    inner join segments
        on (readings.purchases >= segments.knot or segments.knot = segments.first_knot)
        and (readings.purchases < segments.next_knot or segments.next_knot is null)

)

select
    repeat_days,
    active_days,
    observed_days,
    version,
    min(low + low_rise * way) as low_multiple,
    max(high + high_rise * way) as high_multiple
from placed
group by repeat_days, active_days, observed_days, version
