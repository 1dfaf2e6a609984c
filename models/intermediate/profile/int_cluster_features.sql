-- What customers do by habit, in the last cluster_days. Shares of few purchases are mostly chance: they are drawn to that of all
-- these customers by as many purchases as cluster_prior_purchases says. What has no upper end is a logarithm, so that twice as much
-- is the same step everywhere.
{%- set shares = {
    'online_share': ['online_count', 'placed_count', 'placed_count'],
    'discount_share': ['discount_amount', 'gross_amount', 'purchase_count'],
    'weekend_share': ['weekend_count', 'purchase_count', 'purchase_count'],
    'lunch_share': ['lunch_count', 'timed_count', 'timed_count'],
    'evening_share': ['evening_count', 'timed_count', 'timed_count'],
} %}
{%- set prior = whole_number('cluster_prior_purchases', 1) %}

with counted as (

    select
        orders.customer_id,
        latest.as_of_date,
        min(orders.ordered_on) as first_on,
        count(*) as purchase_count,
        count(distinct orders.ordered_on) as purchase_day_count,
        sum(orders.net_amount) as net_amount,
        sum(orders.gross_amount) as gross_amount,
        sum(orders.discount_amount) as discount_amount,
        sum(greatest(coalesce(amounts.line_count, 0), 1)) as line_count,
        count(orders.ordered_hour) as timed_count,
        -- Of a purchase whose source names no channel nobody knows whether it was placed online.
        count(*) filter (where orders.channel <> 'unknown') as placed_count,
        count(*) filter (where {{ channel_kind("nullif(orders.channel, 'unknown')") }} = 'online') as online_count,
        count(*) filter (where days.iso_weekday >= 6) as weekend_count,
        count(*) filter (
            where days.iso_weekday < 6
                and dayparts.daypart in ('{{ var("cluster_lunch_dayparts") | join("', '") }}')
        ) as lunch_count,
        count(*) filter (where dayparts.daypart in ('{{ var("cluster_evening_dayparts") | join("', '") }}')) as evening_count
    from {{ ref('int_kpi_orders') }} as orders
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and orders.ordered_on >= latest.as_of_date - interval '{{ whole_number("cluster_days", 30) }}' day
    inner join {{ ref('int_calendar_days') }} as days on orders.ordered_on = days.calendar_day
    left join {{ ref('int_order_amounts') }} as amounts on orders.order_id = amounts.order_id
    left join {{ ref('dayparts') }} as dayparts on orders.ordered_hour = dayparts.hour_of_day
    where orders.is_purchase
        and orders.customer_id is not null
    group by orders.customer_id, latest.as_of_date
    having count(distinct orders.ordered_on) >= {{ whole_number('cluster_min_purchase_days', 2) }}

)

select
    counted.customer_id,
    counted.as_of_date,
    counted.purchase_count,
    cast(counted.net_amount as decimal(18,2)) as net_amount,
    -- Of a newcomer's first weeks a month is made, and no more.
    cast({{ round_half_up(
        'ln(counted.purchase_day_count * 30e0 / greatest(' ~ days_between('counted.first_on', 'counted.as_of_date') ~ ', 30))', 9
    ) }} as double) as frequency,
    cast({{ round_half_up('ln(cast(counted.net_amount as double) / counted.purchase_count)', 9) }} as double) as basket_amount,
    cast({{ round_half_up('ln(cast(counted.line_count as double) / counted.purchase_count)', 9) }} as double) as basket_lines
    {%- for share, (part, whole, weight) in shares.items() %},
    (
        {{ weight }} * coalesce(cast({{ part }} as double) / nullif(cast({{ whole }} as double), 0), 0)
        + {{ prior }} * coalesce(cast(sum({{ part }}) over () as double) / nullif(cast(sum({{ whole }}) over () as double), 0), 0)
    ) / nullif({{ weight }} + {{ prior }}, 0) as {{ share }}
    {%- endfor %},
    case
        when customers.birth_date > counted.as_of_date - interval '{{ whole_number("cluster_young_years", 1) }}' year then 1e0
        when customers.birth_date is not null then 0e0
    end as young_share
from counted
inner join {{ ref('int_customers') }} as customers on counted.customer_id = customers.customer_id
