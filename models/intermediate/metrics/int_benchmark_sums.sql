-- What the orders of each month come to, of the customers of whom each benchmark is: by gender and by the age on the first day
-- of the month, where the benchmark asks for them, in shops of its kind. Chance is in people, who buy more than once, so that
-- squares and products are of the sums of each buyer; of guests each order is one. Sums by month, gender and age come first, so
-- that a benchmark more costs little.
{%- set sums = ['customer_count', 'buyer_count', 'guest_purchase_count', 'known_purchase_count', 'known_purchase_squares',
    'purchase_amount', 'purchase_amount_squares', 'purchase_products', 'net_amount', 'net_amount_squares'] %}

with shops as (

    select distinct coalesce(retail_type, 'all') as retail_type
    from {{ ref('industry_benchmarks') }}

),

bought as (

    select
        orders.customer_id,
        shops.retail_type,
        cast(date_trunc('month', orders.ordered_on) as date) as calendar_month,
        0 as customer_count,
        count(*) filter (where is_purchase) as purchase_count,
        cast(coalesce(sum(net_amount) filter (where is_purchase), 0) as decimal(18,2)) as purchase_amount,
        cast(sum(net_amount) as decimal(18,2)) as net_amount
    from {{ ref('int_kpi_orders') }} as orders
    left join {{ accepted('stores') }} as stores on orders.store_id = stores.store_id
    inner join shops on shops.retail_type in ('all', stores.retail_type)
    group by 1, 2, 3, case when orders.customer_id is null then orders.order_id end

),

lasting as (

    select
        bought.*,
        least(
            cast(calendar_month + interval '12' month as date),
            lead(calendar_month) over (partition by customer_id, retail_type order by calendar_month nulls last)
        ) as until_month
    from bought
    where customer_id is not null
        and purchase_count > 0

),

counted as (

    select *
    from bought
    union all
    select lasting.customer_id, lasting.retail_type, months.calendar_month, 1, 0, 0, 0
    from lasting
    inner join {{ ref('int_months') }} as months
        on lasting.calendar_month <= months.calendar_month
        and months.calendar_month < lasting.until_month

),

summed as (

    select
        retail_type,
        calendar_month,
        lower(gender) as gender,
        extract(year from calendar_month) - extract(year from birth_date)
        - cast(100 * extract(month from birth_date) + extract(day from birth_date)
            > 100 * extract(month from calendar_month) + 1 as bigint) as age,
        sum(customer_count) as customer_count,
        count(*) filter (where purchase_count > 0 and counted.customer_id is not null) as buyer_count,
        count(*) filter (where purchase_count > 0 and counted.customer_id is null) as guest_purchase_count,
        sum(purchase_count) filter (where counted.customer_id is not null) as known_purchase_count,
        sum(purchase_count * purchase_count) filter (where counted.customer_id is not null) as known_purchase_squares,
        sum(purchase_amount) as purchase_amount,
        sum(purchase_amount * purchase_amount) as purchase_amount_squares,
        sum(purchase_amount * purchase_count) as purchase_products,
        sum(net_amount) as net_amount,
        sum(net_amount * net_amount) as net_amount_squares
    from counted
    left join {{ ref('int_customers') }} as customers on counted.customer_id = customers.customer_id
    group by 1, 2, 3, 4

)

select
    benchmarks.benchmark,
    summed.calendar_month
    {%- for each in sums %},
    cast(coalesce(sum(summed.{{ each }}), 0) as double) as {{ each }}
    {%- endfor %}
from {{ ref('industry_benchmarks') }} as benchmarks
inner join summed
    on coalesce(benchmarks.retail_type, 'all') = summed.retail_type
    and coalesce(instr('|' || benchmarks.gender || '|', '|' || summed.gender || '|') > 0, benchmarks.gender is null)
    and coalesce(summed.age >= benchmarks.age_from and summed.age < benchmarks.age_below, benchmarks.age_from is null)
where benchmarks.metric <> 'forecast_accuracy'
group by benchmarks.benchmark, summed.calendar_month
