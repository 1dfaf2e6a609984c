-- What: net revenue of all orders before the latest day of analysis, as they stood on it, is in the totals of kpi_daily and
-- kpi_monthly, and in the sum of their cells, to the cent; so are purchases, messages and spend since the month of the first
-- order. Customers won, won back and lost are as many as customer_flows has, month by month, and buyers and those of them who
-- had bought before as many as repurchase_rates has.
-- Why: a key figure that is short of a cell is believed until somebody adds up.
-- Returns the figure, mart and month whose sum differs; no month where all are summed up.
with expected as (

    select 'net_revenue' as kpi, sum(net_amount) as amount
    from {{ ref('int_order_states') }} as states
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and {{ stands_on('states', 'latest.as_of_date') }}
    union all
    select 'orders', count(*)
    from {{ ref('int_order_states') }} as states
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and {{ stands_on('states', 'latest.as_of_date') }}
    where states.is_purchase
    union all
    select 'contacts', count(*)
    from {{ accepted('touches') }} as touches
    semi join {{ ref('int_calendar_days') }} as days on touches.occurred_on = days.calendar_day
    where touches.touch_type = 'sent'
    union all
    select 'marketing_spend', sum(converted_amount)
    from {{ accepted('channel_spend') }} as spend
    semi join {{ ref('int_calendar_days') }} as days on spend.spent_on = days.calendar_day

),

figures as (

    select 'kpi_daily' as mart, kpi, channel, region, customer_type, numerator
    from {{ ref('kpi_daily') }}
    union all
    select 'kpi_monthly', kpi, channel, region, customer_type, numerator
    from {{ ref('kpi_monthly') }}

),

sums as (

    select
        mart,
        kpi,
        sum(numerator) filter (where channel = 'all' and region = 'all' and customer_type = 'all') as total,
        sum(numerator) filter (where channel <> 'all' and region <> 'all' and customer_type <> 'all') as sum_of_cells
    from figures
    group by mart, kpi

),

flows as (

    select
        cast(date_trunc('month', as_of_date - interval '1' day) as date) as calendar_month,
        sum(acquired_count) as new_customers,
        sum(reactivated_count) as reactivated_customers,
        sum(lost_count) as churned_customers
    from {{ ref('customer_flows') }}
    group by cast(date_trunc('month', as_of_date - interval '1' day) as date)

),

moves as (

    select
        calendar_month,
        sum(numerator) filter (where kpi = 'new_customers') as new_customers,
        sum(numerator) filter (where kpi = 'reactivated_customers') as reactivated_customers,
        sum(numerator) filter (where kpi = 'churned_customers') as churned_customers
    from {{ ref('kpi_monthly') }}
    where channel = 'all'
        and region = 'all'
        and customer_type = 'all'
    group by calendar_month

),

figures_of_repeats as (

    select calendar_month, numerator, denominator
    from {{ ref('kpi_monthly') }}
    where kpi = 'repeat_rate'
        and channel = 'all'
        and region = 'all'
        and customer_type = 'all'

)

select
    expected.kpi,
    marts.mart,
    cast(null as date) as calendar_month
from expected
cross join (select 'kpi_daily' as mart union all select 'kpi_monthly') as marts
left join sums on expected.kpi = sums.kpi and marts.mart = sums.mart
where coalesce(expected.amount, 0) <> coalesce(sums.total, 0)
    -- What is in the totals alone has no cells.
    or (expected.kpi in ('net_revenue', 'orders') and coalesce(sums.total, 0) <> coalesce(sums.sum_of_cells, 0))
union all
select
    'customers',
    'kpi_monthly',
    coalesce(flows.calendar_month, moves.calendar_month)
from flows
full join moves on flows.calendar_month = moves.calendar_month
where coalesce(flows.new_customers, 0) <> coalesce(moves.new_customers, 0)
    or coalesce(flows.reactivated_customers, 0) <> coalesce(moves.reactivated_customers, 0)
    or coalesce(flows.churned_customers, 0) <> coalesce(moves.churned_customers, 0)
union all
select
    'repeat_rate',
    'kpi_monthly',
    coalesce(rates.ordered_month, figures.calendar_month)
from {{ ref('repurchase_rates') }} as rates
full join figures_of_repeats as figures on rates.ordered_month = figures.calendar_month
where coalesce(rates.returning_buyer_count, 0) <> coalesce(figures.numerator, 0)
    or coalesce(rates.buyer_count, 0) <> coalesce(figures.denominator, 0)
