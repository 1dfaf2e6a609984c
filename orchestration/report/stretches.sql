-- The stretches of days that are looked at on a Monday, each beside what it is compared with. A week is the seven days before
-- the day of analysis, which on a Monday are Monday to Sunday; a year before is 364 days, which keeps the days of the week.
-- ends_on is the day after the last.
create or replace temp view stretches as
with latest as (

    select as_of_date, cast(date_trunc('month', as_of_date) as date) as month_on
    from marts.publication

),

days as (

    select period, frame, as_of_date - days_back - days_long as starts_on, as_of_date - days_back as ends_on
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
        cast(month_on - to_months(months_back - 1) as date) as ends_on
    from latest
    cross join (values ('now', 1), ('before', 2), ('year_before', 13)) as distances (frame, months_back)

)

select period, frame, starts_on, ends_on
from (from days union all from months);

-- Key figures that are sums of their days, or ratios of such sums, of each stretch that does not begin before the first day. What
-- was expected is what each of its days was, a week before it; days of which nothing was expected count as the others on
-- average, and where they are most of it nothing was.
create or replace temp view stretch_figures as
with summed as (

    select
        stretches.period,
        stretches.frame,
        stretches.starts_on,
        stretches.ends_on,
        days.kpi,
        days.channel,
        days.region,
        sum(days.numerator) as numerator,
        sum(days.denominator) as denominator,
        case when 2 * count(days.expected_numerator) >= count(*) then avg(days.expected_numerator) * count(*) end
            as expected_numerator,
        avg(days.expected_denominator) * count(*) as expected_denominator
    from stretches
    inner join marts.kpi_daily as days
        on days.calendar_day >= stretches.starts_on
        and days.calendar_day < stretches.ends_on
    where days.customer_type = 'all'
        and stretches.starts_on >= (select min(calendar_day) from marts.kpi_daily)
    group by
        stretches.period, stretches.frame, stretches.starts_on, stretches.ends_on, days.kpi, days.channel, days.region

)

select
    *,
    if(denominator is null, cast(numerator as double), numerator / nullif(denominator, 0)) as value,
    if(denominator is null, expected_numerator, expected_numerator / nullif(expected_denominator, 0)) as expected_value
from summed;
