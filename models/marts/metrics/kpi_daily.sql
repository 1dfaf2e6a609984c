-- Each key figure of a day beside that of the day before, of the same weekday 52 weeks before, and what was to be expected:
--   usual     the mean of the last kpi_expected_weeks same weekdays without festivals, highest and lowest left out
--   expected  usual × how far the same festival lay above what was usual when it was last celebrated, in all of the channel:
--             in a region, or of new customers alone, its days are too few to learn from
-- A festival that is celebrated for the first time is expected to be a usual day. Sums are of decimals, since doubles depend
-- in their last digit on how many threads add them up.
with figures as (

    select
        days.*,
        case when event is null then cast(value as decimal(24,6)) end as plain_value,
        mod({{ days_between("cast('" ~ var('earliest_business_date') ~ "' as date)", 'calendar_day') }}, 7) as day_of_week
    from {{ ref('int_kpi_days') }} as days

),

compared as (

    select
        figures.*,
        lag(value) over cell as last_period_value,
        lag(value, 364) over cell as last_year_value,
        case
            when 2 * count(plain_value) over same_weekday >= {{ var('kpi_expected_weeks') }}
                then cast(
                    sum(plain_value) over same_weekday
                    - max(plain_value) over same_weekday
                    - min(plain_value) over same_weekday
                    as double
                ) / nullif(count(plain_value) over same_weekday - 2, 0)
        end as usual_value
    from figures
    window cell as (
        partition by kpi, channel, region, customer_type order by calendar_day nulls last
    ),
    same_weekday as (
        partition by kpi, channel, region, customer_type, day_of_week order by calendar_day nulls last
        rows between {{ var('kpi_expected_weeks') }} preceding and 1 preceding
    )

),

celebrations as (

    select
        kpi,
        channel,
        event,
        event_began_on,
        lag({{ sum_of_doubles('value') }} / nullif({{ sum_of_doubles('usual_value') }}, 0)) over (
            partition by kpi, channel, event order by event_began_on nulls last
        ) as last_ratio
    from compared
    where event is not null
        and value is not null
        and usual_value is not null
        and region = 'all'
        and customer_type = 'all'
    group by kpi, channel, event, event_began_on

)

select
    compared.calendar_day,
    compared.channel,
    compared.region,
    compared.customer_type,
    compared.kpi,
    compared.event,
    events.event_name_en,
    events.event_name_zh,

    compared.numerator,
    compared.denominator,
    compared.value,
    compared.last_period_value,
    compared.last_year_value,
    compared.usual_value * coalesce(celebrations.last_ratio, 1) as expected_value
from compared
left join celebrations
    on compared.kpi = celebrations.kpi
    and compared.channel = celebrations.channel
    and compared.event = celebrations.event
    and compared.event_began_on = celebrations.event_began_on
left join {{ ref('calendar_events') }} as events
    on events.calendar = '{{ var("festival_calendar") }}'
    and compared.event = events.event
    and compared.event_began_on = events.first_on
