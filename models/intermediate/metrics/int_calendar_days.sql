-- The days for which there are key figures, also those on which nobody bought, with the festival or sale that each belongs to
-- by the calendar of the variable festival_calendar. Where two meet, as Mid-Autumn and National Day do in some years, a day is
-- of the one that began last.
with numbers as (

    {{ dbt.generate_series(31) }}

),

days as (

    select
        months.calendar_month,
        cast(months.calendar_month + interval '1' day * (numbers.generated_number - 1) as date) as calendar_day
    from {{ ref('int_months') }} as months
    cross join numbers

),

celebrated as (

    select
        days.calendar_day,
        days.calendar_month,
        events.event,
        events.first_on as event_began_on,
        {{ iso_weekday('days.calendar_day') }} as iso_weekday,
        row_number() over (
            partition by days.calendar_day
            order by events.first_on desc nulls last, events.event nulls last
        ) as place
    from days
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and days.calendar_day < latest.as_of_date
    left join {{ ref('calendar_events') }} as events
        on events.calendar = '{{ var("festival_calendar") }}'
        and days.calendar_day between events.first_on and events.last_on
    where days.calendar_day < cast(days.calendar_month + interval '1' month as date)

)

select
    calendar_day,
    calendar_month,
    iso_weekday,
    case
        when event is not null then 'festival'
        when iso_weekday >= 6 then 'weekend'
        else 'working_day'
    end as day_kind,
    event,
    event_began_on
from celebrated
where place = 1
