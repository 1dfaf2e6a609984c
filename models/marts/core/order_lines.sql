-- What adjusts an order as a whole is shared among what was sold on it, in proportion to its worth;
-- where nothing was sold, as on a return, all lines bear it alike. Each line takes the difference
-- between what the lines up to it bear, rounded to the cent, and what those before it do, so that
-- the shares of an order are together what is shared.
with weighted as (

    select
        lines.order_line_id,
        lines.order_id,
        orders.adjustment_amount,
        case
            when max(lines.sales_amount) over (partition by lines.order_id) > 0
                then greatest(lines.sales_amount, 0)
            else 1
        end as weight
    from {{ ref('int_order_lines') }} as lines
    inner join {{ ref('orders') }} as orders on lines.order_id = orders.order_id
    where orders.adjustment_amount <> 0

),

accumulated as (

    select
        weighted.*,
        sum(weight) over (partition by order_id) as total_weight,
        sum(weight) over (
            partition by order_id
            order by order_line_id nulls last
            rows between unbounded preceding and current row
        ) as weight_so_far
    from weighted

),

shared as (

    select
        order_line_id,
        {{ share_of('adjustment_amount', 'weight_so_far', 'total_weight') }}
        - {{ share_of('adjustment_amount', 'weight_so_far - weight', 'total_weight') }} as adjustment_amount
    from accumulated

)

select
    order_lines.order_line_id,
    order_lines.order_id,
    orders.customer_id,
    order_lines.product_id,
    orders.store_id,
    order_lines.source_system,

    order_lines.quantity,
    order_lines.gross_amount,
    order_lines.discount_amount,
    order_lines.sales_amount,
    cast(coalesce(shared.adjustment_amount, 0) as decimal(18,2)) as adjustment_amount,
    order_lines.delivered_amount,

    order_lines.ordered_on
from {{ ref('int_order_lines') }} as order_lines
inner join {{ ref('orders') }} as orders on order_lines.order_id = orders.order_id
left join shared on order_lines.order_line_id = shared.order_line_id
