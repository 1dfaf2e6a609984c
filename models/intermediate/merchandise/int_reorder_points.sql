-- When to order and up to how much: what is asked for until an order made at the next look at the shelf will have come, with
-- what forecasts of such sums were short by at the service level; and so many weeks' sales on top, so that not every look
-- makes an order; a ten-thousandth of a unit makes none. What sells too seldom for a forecast of its own is asked for as in the
-- mean of the last year.
{%- set spans = [1, 2, 4, 8] %}
{%- set days_within = 'greatest(0, least(protection_days, first_day + 7) - greatest(0, first_day))' %}
{%- set service_level = chosen('service_level', [0.9, 0.95, 0.98, 0.99]) %}

with positions as (

    select
        positions.product_id,
        positions.store_id,
        positions.as_of_date,
        positions.on_hand_quantity,
        positions.on_order_quantity,
        coalesce(series.weekly_quantity, positions.yearly_quantity) as weekly_quantity,
        positions.lead_time_days + {{ whole_number('review_days', 1) }} as protection_days
    from {{ ref('int_stock_positions') }} as positions
    left join {{ ref('int_demand_series') }} as series
        on positions.category = series.category
        and positions.product_id = series.product_id
        and positions.store_id = series.store_id
        and series.demand_level = 'product_store'

),

days_ahead as (

    select
        weeks.week_on,
        weeks.week_factor,
        {{ days_between('as_of_dates.as_of_date', 'weeks.week_on') }} as first_day,
        max({{ days_between('as_of_dates.as_of_date', 'weeks.week_on') }}) over () + 7 as end_day
    from {{ ref('int_week_factors') }} as weeks
    inner join {{ ref('int_as_of_dates') }} as as_of_dates on as_of_dates.is_latest
    where weeks.is_ahead

),

protections as (

    select distinct protection_days from positions

),

lasting as (

    select
        protections.protection_days,
        cast(sum(cast(days_ahead.week_factor * {{ days_within }} as decimal(28,12))) as double) / 7
            + greatest(0, protections.protection_days - max(days_ahead.end_day)) / 7e0 as week_count,
        case
            {%- for span in spans[:-1] %}
            when protections.protection_days <= {{ 7 * span }} then {{ span }}
            {%- endfor %}
            else {{ spans[-1] }}
        end as span
    from protections
    cross join days_ahead
    group by protections.protection_days

),

offered as (

    select
        products.product_id,
        products.protection_days,
        cast(sum(cast(days_ahead.week_factor * (offers.offer_factor - 1) * {{ days_within }} as decimal(28,12))) as double)
            / 7 as week_count
    from (select distinct product_id, protection_days from positions) as products
    inner join {{ ref('int_offer_weeks') }} as offers on products.product_id = offers.product_id
    inner join days_ahead on offers.week_on = days_ahead.week_on
    group by products.product_id, products.protection_days

),

expected as (

    select
        positions.*,
        positions.weekly_quantity * (lasting.week_count + coalesce(offered.week_count, 0)) as expected_quantity,
        deviations.deviation
    from positions
    inner join lasting on positions.protection_days = lasting.protection_days
    left join offered
        on positions.product_id = offered.product_id
        and positions.protection_days = offered.protection_days
    inner join {{ ref('int_demand_deviations') }} as deviations
        on 'product_store/' || cast(lasting.span as string) || '/{{ service_level }}' = deviations.feature
        and positions.weekly_quantity >= deviations.size_from
        and positions.weekly_quantity < deviations.size_to

),

pointed as (

    select
        *,
        cast(greatest(ceil(expected_quantity + deviation * sqrt(expected_quantity) - 1e-4), 0) as bigint) as reorder_point,
        cast(greatest(ceil({{ whole_number('order_weeks', 0) }} * weekly_quantity - 1e-4), 0) as bigint) as order_quantity
    from expected

)

select
    product_id,
    store_id,
    weekly_quantity,
    reorder_point,
    reorder_point + order_quantity as target_quantity,
    case
        when on_hand_quantity + on_order_quantity <= reorder_point
            then reorder_point + order_quantity - cast(floor(on_hand_quantity + on_order_quantity) as bigint)
        else 0
    end as reorder_quantity
from pointed
