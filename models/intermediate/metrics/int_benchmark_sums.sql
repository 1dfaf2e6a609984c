-- What the orders of each month come to, of the customers of whom each benchmark is: by gender, and by the age on the first day of
-- the month, where the benchmark asks for them. Of purchases, of purchases a buyer and of all net amounts there are the number, the sum and
-- the sum of squares, of which intervals are made. Of forecasts of categories, on the weeks that begin in the month, there is what
-- was forecast right and what came, as if n were money: one less the errors by what came is the accuracy.
with buyers as (

    select
        customer_id,
        cast(date_trunc('month', ordered_on) as date) as calendar_month,
        count(*) filter (where is_purchase) as purchase_count,
        sum(net_amount) filter (where is_purchase) as purchase_amount,
        sum(net_amount * net_amount) filter (where is_purchase) as purchase_square,
        sum(net_amount) as net_amount,
        sum(net_amount * net_amount) as net_square
    from {{ ref('int_kpi_orders') }}
    group by customer_id, cast(date_trunc('month', ordered_on) as date)

),

described as (

    select
        customer_id,
        lower(max(value) filter (where field = 'gender')) as gender,
        try_cast(max(value) filter (where field = 'birth_date') as date) as born_on
    from {{ ref('int_golden_values') }}
    where field in ('gender', 'birth_date')
    group by customer_id

),

forecasts as (

    select
        cast(date_trunc('month', origin_on + interval '7' day * (horizon_weeks - 1)) as date) as calendar_month,
        {{ sum_of_doubles('actual_amount') }} as actual_amount,
        {{ sum_of_doubles('absolute_error_amount') }} as absolute_error_amount
    from {{ source('parameters', 'demand_backtest') }}
    where demand_level = 'category'
        and method = 'forecast'
        and horizon_weeks > 0
    group by cast(date_trunc('month', origin_on + interval '7' day * (horizon_weeks - 1)) as date)

)

select
    benchmarks.benchmark,
    buyers.calendar_month,
    count(*) filter (where buyers.customer_id is not null and buyers.purchase_count > 0) as buyer_count,
    cast(sum(buyers.purchase_count) as double) as n,
    cast(sum(buyers.purchase_count) filter (where buyers.customer_id is not null) as double) as known_n,
    cast(sum(buyers.purchase_count * buyers.purchase_count) filter (where buyers.customer_id is not null) as double) as nn,
    cast(sum(buyers.purchase_amount) as double) as x,
    cast(sum(buyers.purchase_square) as double) as xx,
    cast(sum(buyers.net_amount) as double) as y,
    cast(sum(buyers.net_square) as double) as yy
from {{ ref('industry_benchmarks') }} as benchmarks
cross join buyers
left join described on buyers.customer_id = described.customer_id
where benchmarks.metric <> 'forecast_accuracy'
    and coalesce(
        instr('|' || benchmarks.gender || '|', '|' || described.gender || '|') > 0,
        benchmarks.gender is null
    )
    and coalesce(
        {{ days_between('described.born_on', 'buyers.calendar_month') }} / 365.2425e0
            between benchmarks.age_from and benchmarks.age_below - 1e-9,
        benchmarks.age_from is null
    )
group by benchmarks.benchmark, buyers.calendar_month
union all
select
    benchmarks.benchmark,
    forecasts.calendar_month,
    cast(null as bigint) as buyer_count,
    forecasts.actual_amount as n,
    cast(null as double) as known_n,
    cast(null as double) as nn,
    forecasts.actual_amount - forecasts.absolute_error_amount as x,
    cast(null as double) as xx,
    cast(null as double) as y,
    cast(null as double) as yy
from {{ ref('industry_benchmarks') }} as benchmarks
cross join forecasts
where benchmarks.metric = 'forecast_accuracy'
