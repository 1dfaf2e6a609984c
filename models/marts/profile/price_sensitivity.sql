-- How much prices move a customer, by what they bought, and never a price for them: the share of lines on discount, how deep
-- the discounts taken were, and how often they switched when their product rose. Each is shrunk towards all customers by
-- how little is known, n ÷ (n + σ² ÷ τ²), with the variance σ² within customers and τ² between them (Bühlmann and Straub
-- 1970): the best linear guess of what the customer's next hundred lines would show. Of three lines nobody is known.
with lines as (

    select
        purchases.customer_id,
        lines.discount_amount > 0 as is_discounted,
        cast(lines.discount_amount as double) / cast(lines.gross_amount as double) as depth
    from {{ ref('int_latest_transactions') }} as purchases
    inner join {{ ref('int_order_lines') }} as lines on purchases.order_id = lines.order_id
    where purchases.is_purchase
        and lines.gross_amount > 0

),

discounts as (

    select
        customer_id,
        count(*) as line_count,
        count(case when is_discounted then 1 end) as discounted_count,
        {{ sum_of_doubles('case when is_discounted then depth end') }} as depth,
        {{ sum_of_doubles('case when is_discounted then depth * depth end') }} as squared_depth
    from lines
    group by customer_id

),

counted as (

    select
        customer_id, 'discounted' as measure, line_count as n,
        cast(discounted_count as double) as total, cast(discounted_count as double) as squares
    from discounts
    union all
    select customer_id, 'depth', discounted_count, depth, squared_depth
    from discounts
    where discounted_count > 0
    union all
    select customer_id, 'switched', price_rise_count, cast(switched_count as double), cast(switched_count as double)
    from {{ ref('int_price_switches') }}

),

sums as (

    select
        measure,
        count(*) as customers,
        cast(sum(n) as double) as n,
        sum(cast(n as double) * n) as n_squares,
        {{ sum_of_doubles('total') }} as total,
        {{ sum_of_doubles('squares') }} as squares,
        {{ sum_of_doubles('total * total / n') }} as squares_of_means
    from counted
    group by measure

),

variances as (

    select
        measure,
        customers,
        total / n as mean,
        squares_of_means - total * total / n as between_squares,
        n - n_squares / n as between_weight,
        greatest(squares - squares_of_means, 0) / nullif(n - customers, 0) as variance_within
    from sums

),

spread as (

    select
        *,
        greatest((between_squares - (customers - 1) * variance_within) / nullif(between_weight, 0), 0)
            as variance_between
    from variances

),

shrunk as (

    select
        counted.*,
        counted.total / counted.n as share,
        spread.mean + coalesce(
            counted.n * spread.variance_between
            / nullif(counted.n * spread.variance_between + spread.variance_within, 0),
            0
        ) * (counted.total / counted.n - spread.mean) as expected_share
    from counted
    inner join spread on counted.measure = spread.measure

)

select
    shrunk.customer_id,
    latest.as_of_date,

    max(n) filter (where measure = 'discounted') as line_count,
    max(share) filter (where measure = 'discounted') as discounted_share,
    max(expected_share) filter (where measure = 'discounted') as expected_discounted_share,
    1 - max(expected_share) filter (where measure = 'discounted') as expected_full_price_share,

    max(share) filter (where measure = 'depth') as discount_depth_share,
    max(expected_share) filter (where measure = 'depth') as expected_depth_share,

    coalesce(max(n) filter (where measure = 'switched'), 0) as price_rise_count,
    max(share) filter (where measure = 'switched') as switched_share,
    max(expected_share) filter (where measure = 'switched') as expected_switched_share
from shrunk
inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
group by shrunk.customer_id, latest.as_of_date
having count(*) filter (where measure = 'discounted') > 0
