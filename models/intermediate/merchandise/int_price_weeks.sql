-- What was sold of a product at each price of a week that is over. Exposure is how long that was, in weeks, less what shelves were empty, each
-- by its store's share of what is sold of the product; a twentieth at least, since a share of nothing tells nothing.
-- The price is what a piece cost that week before discounts, or last did, in the week of its first sale too, less the offer. Discounts
-- beyond offers are people's own; only where no offers are delivered at all they are the price: then it is what was paid.
{%- set of_span = ['product_id', 'week_on', 'depth_share', 'depth_before_share'] %}

with sold as (

    select
        {% for column in of_span %}{{ column }}, {% endfor %}
        sum(sold_quantity) as quantity,
        sum(gross_amount) as gross_amount,
        sum(sales_amount) as sales_amount
    from {{ ref('int_sold_weeks') }}
    group by {{ of_span | join(', ') }}

),

prices as (

    select
        product_id,
        week_on,
        cast(sum(gross_amount) as double) / cast(sum(quantity) as double) as full_price,
        cast(sum(sales_amount) as double) / cast(sum(quantity) as double) as paid_price
    from sold
    group by product_id, week_on

),

first_prices as (

    select
        product_id,
        min_by(full_price, week_on) as full_price
    from prices
    group by product_id

),

delivered as (

    select count(*) > 0 as has_offers
    from {{ ref('int_offer_days') }}

),

shares as (

    select
        product_id,
        store_id,
        cast(sum(sold_quantity) as double) / cast(sum(sum(sold_quantity)) over (partition by product_id) as double) as store_share
    from {{ ref('int_sold_weeks') }} as sold_weeks
    semi join {{ ref('int_stock_outs') }} as stock_outs on sold_weeks.product_id = stock_outs.product_id
    group by product_id, store_id

),

empty_shelves as (

    select
        stock_outs.product_id,
        stock_outs.week_on,
        cast(sum(cast(stock_outs.stock_out_share * shares.store_share as decimal(28,12))) as double) as empty_share
    from {{ ref('int_stock_outs') }} as stock_outs
    inner join shares
        on stock_outs.product_id = shares.product_id
        and stock_outs.store_id = shares.store_id
    group by stock_outs.product_id, stock_outs.week_on

),

priced as (

    select
        spans.category,
        {% for column in of_span %}spans.{{ column }}, {% endfor %}
        cast(coalesce(sold.quantity, 0) as decimal(18,3)) as quantity,
        spans.day_count / 7e0 as week_count,
        spans.day_count / 7e0 * greatest(1 - coalesce(empty_shelves.empty_share, 0), 0.05) as exposure,
        coalesce({{ last_known('prices.full_price') }} over so_far, first_prices.full_price) as full_price,
        prices.paid_price,
        delivered.has_offers
    from {{ ref('int_price_spans') }} as spans
    cross join delivered
    left join sold
        on {% for column in of_span %}{{ 'and ' if not loop.first }}spans.{{ column }} = sold.{{ column }} {% endfor %}
    left join prices on spans.product_id = prices.product_id and spans.week_on = prices.week_on
    left join first_prices on spans.product_id = first_prices.product_id
    left join empty_shelves
        on spans.product_id = empty_shelves.product_id
        and spans.week_on = empty_shelves.week_on
    window so_far as (
        partition by spans.product_id
        order by spans.week_on nulls last, spans.depth_share nulls last, spans.depth_before_share nulls last
        rows between unbounded preceding and current row
    )

)

select
    category,
    {% for column in of_span %}{{ column }}, {% endfor %}
    quantity,
    week_count,
    exposure,
    full_price,
    case
        when has_offers then full_price * (1 - depth_share)
        else greatest(coalesce(paid_price, full_price), full_price * (1 - {{ offer_depth('1') }}))
    end as price
from priced
where full_price > 0
