-- The days on which a product rose in price by the share price_rise_min or more, and stayed there on the next day on which it was
-- sold, both in the months that are over. The price is what a piece cost before discounts; what was given away had none.
with daily as (

    select
        lines.product_id,
        lines.ordered_on,
        cast(sum(lines.gross_amount) as double) / cast(sum(lines.quantity) as double) as price
    from {{ ref('int_order_lines') }} as lines
    inner join {{ ref('int_learnt_until') }} as learnt on lines.ordered_on <= learnt.learnt_until
    where lines.quantity > 0 and lines.gross_amount > 0
        and lines.product_id is not null
    group by lines.product_id, lines.ordered_on

),

compared as (

    select
        product_id,
        ordered_on as risen_on,
        price,
        lag(price) over (partition by product_id order by ordered_on nulls last) as price_before,
        lead(price) over (partition by product_id order by ordered_on nulls last) as price_after
    from daily

)

select
    product_id,
    risen_on
from compared
where price >= price_before * (1 + {{ var('price_rise_min') }})
    and price_after >= price_before * (1 + {{ var('price_rise_min') }})
