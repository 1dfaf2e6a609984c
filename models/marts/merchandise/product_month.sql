-- What each product sold in each month, and to how many people, as orders stood on the latest day of analysis. What an order came
-- to beyond its lines (shipping, a discount on all of it, what was refunded or voided) is shared among what was sold on it, as
-- order_lines shares adjustments. What names no product, and orders without lines, are together the product null.
-- A unit costs what a supplier asked last by the end of the month.
with lines as (

    select
        orders.*,
        cast(date_trunc('month', orders.ordered_on) as date) as calendar_month,
        orders.net_amount - orders.gross_amount + orders.discount_amount as beyond_amount,
        lines.order_line_id,
        lines.product_id,
        case when orders.is_purchase then lines.quantity end as sold_quantity,
        coalesce(lines.sales_amount, 0) as sales_amount
    from {{ ref('int_kpi_orders') }} as orders
    left join {{ ref('int_order_lines') }} as lines on orders.order_id = lines.order_id

),

weighted as (

    select
        lines.*,
        case when max(sales_amount) over (partition by order_id) > 0 then greatest(sales_amount, 0) else 1 end as weight
    from lines
    where beyond_amount <> 0

),

accumulated as (

    select
        weighted.*,
        sum(weight) over (partition by order_id) as total_weight,
        sum(weight) over (
            partition by order_id order by order_line_id nulls last
            rows between unbounded preceding and current row
        ) as weight_so_far
    from weighted

),

{%- set carried = 'product_id, calendar_month, order_id, customer_number, is_purchase, had_bought_before_month, sold_quantity' %}

worth as (

    select
        {{ carried }},
        sales_amount as line_amount
    from lines
    where beyond_amount = 0
    union all
    select
        {{ carried }},
        sales_amount + {{ share_of('beyond_amount', 'weight_so_far', 'total_weight') }}
        - {{ share_of('beyond_amount', 'weight_so_far - weight', 'total_weight') }}
    from accumulated

),

sold as (

    select
        product_id,
        calendar_month,
        count(distinct customer_number) filter (where is_purchase) as buyer_count,
        count(distinct customer_number) filter (where is_purchase and had_bought_before_month) as returning_buyer_count,
        count(distinct order_id) filter (where is_purchase) as purchase_count,
        cast(coalesce(sum(sold_quantity), 0) as decimal(18,3)) as unit_count,
        cast(sum(line_amount) as decimal(18,2)) as net_amount
    from worth
    group by product_id, calendar_month

)

select
    sold.product_id,
    sold.calendar_month,

    sold.buyer_count,
    sold.buyer_count - sold.returning_buyer_count as new_buyer_count,
    sold.returning_buyer_count,
    sold.purchase_count,
    sold.unit_count,
    sold.net_amount,
    prices.unit_cost_amount,
    cast(
        sold.net_amount - {{ round_half_up('cast(sold.unit_count * prices.unit_cost_amount as double)', 2) }} as decimal(18,2)
    ) as margin_amount,
    case
        when sold.product_id is not null
            then cast(rank() over (
                partition by sold.calendar_month, sold.product_id is null order by sold.net_amount desc nulls last
            ) as bigint)
    end as sales_rank,

    months.began_on is not null as is_complete
from sold
left join {{ ref('int_whole_periods') }} as months
    on months.period_kind = 'month'
    and sold.calendar_month = months.began_on
left join {{ ref('int_supplier_prices') }} as prices
    on sold.product_id = prices.product_id
    and sold.calendar_month >= prices.from_month
    and sold.calendar_month < coalesce(prices.until_month, date '9999-12-31')
