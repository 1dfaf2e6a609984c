-- What was sold on each day, in the order of days up to the last week that is forecast, with the festival or sale that
-- it belongs to by the calendar of the variable festival_calendar: of the one that began last, where two meet. A trading
-- week begins on Monday; the first and the last week of what was sold are whole ones.
{%- set ahead = 7 * whole_number('demand_horizon_weeks', 1) %}

with bounds as (

    select
        cast(date_trunc('week', min(demand.ordered_on) + 6) as date) as first_on,
        cast(date_trunc('week', max(latest.as_of_date)) as date) as ahead_on
    from {{ ref('int_demand_days') }} as demand
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest

),

numbers as (

    {{ dbt.generate_series(36600) }}

),

days as (

    select
        cast(bounds.first_on + interval '1' day * (numbers.generated_number - 1) as date) as calendar_day,
        bounds.ahead_on
    from bounds
    inner join numbers
        on numbers.generated_number <= {{ days_between('bounds.first_on', 'bounds.ahead_on') }} + {{ ahead }}

),

sold as (

    select
        ordered_on,
        sum(sales_amount) as sales_amount
    from {{ ref('int_demand_days') }}
    group by ordered_on

),

celebrated as (

    select
        days.calendar_day,
        days.ahead_on,
        events.event,
        row_number() over (
            partition by days.calendar_day
            order by events.first_on desc nulls last, events.event nulls last
        ) as place
    from days
    left join {{ ref('calendar_events') }} as events
        on events.calendar = '{{ var("festival_calendar") }}'
        and days.calendar_day between events.first_on and events.last_on

)

select
    celebrated.calendar_day,
    cast(date_trunc('week', celebrated.calendar_day) as date) as week_on,
    {{ iso_weekday('celebrated.calendar_day') }} as iso_weekday,
    celebrated.event,
    celebrated.calendar_day >= celebrated.ahead_on as is_ahead,
    case
        when celebrated.calendar_day < celebrated.ahead_on then cast(coalesce(sold.sales_amount, 0) as decimal(18,2))
    end as sales_amount
from celebrated
left join sold on celebrated.calendar_day = sold.ordered_on
where celebrated.place = 1
