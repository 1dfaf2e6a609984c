-- Our price beside the last one that each competitor asked in each region, within price_days before the day of analysis: theirs
-- in the reporting currency, ours as what a piece cost in those days, before and after discounts. Without a sale it is the price of the
-- list.
{%- set tolerance = var('price_position_tolerance') %}

with latest as (

    select
        as_of_date,
        cast(as_of_date - interval '{{ whole_number("price_days", 1) }}' day as date) as since
    from {{ ref('int_as_of_dates') }}
    where is_latest

),

seen as (

    select
        prices.product_id,
        prices.competitor,
        prices.region,
        prices.observed_on,
        latest.as_of_date,
        prices.converted_amount as competitor_price_amount,
        row_number() over (
            partition by prices.product_id, prices.competitor, prices.region
            order by
                prices.observed_on desc nulls last, prices.competitor_price_id nulls last, prices._batch nulls last,
                prices._line nulls last, prices._staging_model nulls last
        ) as place
    from {{ accepted('competitor_prices') }} as prices
    inner join latest
        on prices.observed_on >= latest.since
        and prices.observed_on < latest.as_of_date
    where prices.price_amount > 0

),

sold as (

    select
        demand.product_id,
        cast(sum(demand.sales_amount) as decimal(18,2)) as sales_amount,
        cast(sum(demand.gross_amount) as double) / cast(sum(demand.quantity) as double) as price,
        cast(sum(demand.sales_amount) as double) / cast(sum(demand.quantity) as double) as paid_price
    from {{ ref('int_demand_days') }} as demand
    inner join latest on demand.ordered_on >= latest.since
    group by demand.product_id

),

compared as (

    select
        seen.*,
        products.category,
        coalesce(sold.sales_amount, 0) as sales_amount,
        coalesce(cast({{ round_half_up('sold.price', 2) }} as decimal(18,2)), products.list_price) as price_amount,
        cast({{ round_half_up('sold.paid_price', 2) }} as decimal(18,2)) as paid_price_amount
    from seen
    inner join {{ ref('products') }} as products on seen.product_id = products.product_id
    left join sold on seen.product_id = sold.product_id
    where seen.place = 1

)

select
    product_id,
    competitor,
    region,
    category,
    as_of_date,

    case
        when price_amount is null or competitor_price_amount = 0 then 'unknown'
        when price_amount > competitor_price_amount * (1 + {{ tolerance }}) then 'dearer'
        when price_amount < competitor_price_amount * (1 - {{ tolerance }}) then 'cheaper'
        else 'alike'
    end as price_position,

    price_amount,
    paid_price_amount,
    competitor_price_amount,
    cast(sales_amount as decimal(18,2)) as sales_amount,

    cast(price_amount as double) / nullif(cast(competitor_price_amount as double), 0) as price_ratio,
    cast(paid_price_amount as double) / nullif(cast(competitor_price_amount as double), 0) as paid_price_ratio,

    observed_on
from compared
