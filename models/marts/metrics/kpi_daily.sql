-- Each key figure of a day beside that of the day before, of the same weekday 52 weeks before, and what was to be expected of
-- it a week before:
--   usual     the mean of the same weekday in the last kpi_weekday_weeks × how far the last kpi_level_days lay above the mean
--             of all those weeks: what a weekday is takes half a year to tell, and how business goes, four weeks. Festivals
--             are left out. A mean, though a giant order is in it for long: without the highest days the sum of what is
--             expected falls short of what comes
--   expected  usual × how far the same festival lay above what was usual when it was last celebrated, in all of the channel:
--             in a region, or of new customers alone, its days are too few to learn from
-- What a ratio divides is expected by itself, and so is what it divides by. As many customers are expected to be active as a
-- week before. A festival that is celebrated for the first time is expected to be a usual day. Sums are of decimals, since doubles depend in their last digit on how many threads add them up.
{%- set weeks = var('kpi_weekday_weeks') %}

with figures as (

    select
        days.*,
        case when event is null then numerator end as plain_numerator,
        case when event is null then denominator end as plain_denominator,
        {{ iso_weekday('calendar_day') }} as iso_weekday
    from {{ ref('int_kpi_days') }} as days

),

compared as (

    select
        figures.*,
        lag(value) over cell as last_period_value,
        lag(value, 7) over cell as week_before_value,
        lag(value, 364) over cell as last_year_value,
        {{ usual('plain_numerator') }} as usual_numerator,
        {{ usual('plain_denominator') }} as usual_denominator
    from figures
    window cell as (
        partition by kpi, channel, region, customer_type order by calendar_day nulls last
    ),
    {%- for window, cell, rows in [
        ('weekdays_before', ', iso_weekday', 1),
        ('weekdays_long_before', ', iso_weekday', weeks + 1),
        ('days_before', '', 7),
        ('days_long_before', '', 7 * weeks + 7),
        ('days_before_latest', '', var('kpi_level_days') + 7),
    ] %}
    {{ window }} as (
        partition by kpi, channel, region, customer_type{{ cell }} order by calendar_day nulls last
        rows between unbounded preceding and {{ rows }} preceding
    ){{ ',' if not loop.last }}
    {%- endfor %}

),

celebrations as (

    select
        kpi,
        channel,
        event,
        event_began_on,
        {%- for part in ['numerator', 'denominator'] %}
        lag(cast(sum({{ part }}) as double) / nullif({{ sum_of_doubles('usual_' ~ part) }}, 0)) over (
            partition by kpi, channel, event order by event_began_on nulls last
        ) as last_{{ part }}_ratio{{ ',' if not loop.last }}
        {%- endfor %}
    from compared
    where event is not null
        and usual_numerator is not null
        and region = 'all'
        and customer_type = 'all'
    group by kpi, channel, event, event_began_on

),

expected as (

    select
        compared.*,
        case
            when compared.is_stock then compared.week_before_value
            else compared.usual_numerator * coalesce(celebrations.last_numerator_ratio, 1)
        end as expected_numerator,
        compared.usual_denominator * coalesce(celebrations.last_denominator_ratio, 1) as expected_denominator
    from compared
    left join celebrations
        on compared.kpi = celebrations.kpi
        and compared.channel = celebrations.channel
        and compared.event = celebrations.event
        and compared.event_began_on = celebrations.event_began_on

)

select
    expected.calendar_day,
    expected.channel,
    expected.region,
    expected.customer_type,
    expected.kpi,
    expected.event,
    events.event_name_en,
    events.event_name_zh,

    expected.numerator,
    expected.denominator,
    expected.value,
    expected.last_period_value,
    expected.last_year_value,
    expected.expected_numerator,
    expected.expected_denominator,
    case
        when expected.is_ratio then expected.expected_numerator / nullif(expected.expected_denominator, 0)
        else expected.expected_numerator
    end as expected_value
from expected
left join {{ ref('calendar_events') }} as events
    on events.calendar = '{{ var("festival_calendar") }}'
    and expected.event = events.event
    and expected.event_began_on = events.first_on
