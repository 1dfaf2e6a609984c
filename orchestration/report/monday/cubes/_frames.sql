-- The stretches of days that the page looks at, each beside what it is compared with. A week is the seven days before the
-- day of analysis, which on a Monday are Monday to Sunday; a year before is 364 days, which keeps the days of the week. What
-- began before the first order is not known. ends_on is the day after the last.
create or replace temp table frames as
with latest as (

    select
        as_of_date,
        cast(date_trunc('month', as_of_date) as date) as month_on,
        (select min(ordered_on) from marts.orders) as first_on
    from marts.publication

),

days as (

    select period, frame, as_of_date - days_back - days_long as starts_on, as_of_date - days_back as ends_on, first_on
    from latest
    cross join (
        values
            ('week', 'now', 7, 0), ('week', 'before', 7, 7), ('week', 'month_before', 7, 28), ('week', 'year_before', 7, 364),
            ('four_weeks', 'now', 28, 0), ('four_weeks', 'before', 28, 28), ('four_weeks', 'year_before', 28, 364),
            ('quarter', 'now', 91, 0), ('quarter', 'before', 91, 91), ('quarter', 'year_before', 91, 364),
            ('year', 'now', 364, 0), ('year', 'before', 364, 364)
    ) as lengths (period, frame, days_long, days_back)

),

months as (

    select
        'month' as period,
        frame,
        cast(month_on - to_months(months_back) as date) as starts_on,
        cast(month_on - to_months(months_back - 1) as date) as ends_on,
        first_on
    from latest
    cross join (values ('now', 1), ('before', 2), ('year_before', 13)) as distances (frame, months_back)

)

select period, frame, starts_on, ends_on, first_on is not null and starts_on >= first_on as is_known
from (from days union all from months)
