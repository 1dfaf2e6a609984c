-- What the last seven days came to, beside the week before, the same days of the week a year before, and what was
-- expected of them: of whatever is the sum of its days, or a ratio of such sums. What will be refunded of a week is not
-- known when it ends, so that its refund rate would always fall.
with days as (
    select
        figures.kpi,
        date_diff('day', figures.calendar_day, publication.as_of_date) as days_ago,
        figures.numerator,
        figures.denominator,
        figures.expected_numerator,
        figures.expected_denominator
    from marts.kpi_daily as figures
    cross join marts.publication as publication
    where figures.channel = 'all'
        and figures.region = 'all'
        and figures.customer_type = 'all'
        and figures.kpi in (select unnest($kpis))
        and figures.kpi <> 'refund_rate'
),

sums as (
    select
        kpi,
        sum(numerator) filter (where days_ago between 1 and 7) as now,
        sum(denominator) filter (where days_ago between 1 and 7) as now_of,
        sum(numerator) filter (where days_ago between 8 and 14) as week_before,
        sum(denominator) filter (where days_ago between 8 and 14) as week_before_of,
        sum(numerator) filter (where days_ago between 365 and 371) as year_before,
        sum(denominator) filter (where days_ago between 365 and 371) as year_before_of,
        sum(expected_numerator) filter (where days_ago between 1 and 7) as expected,
        sum(expected_denominator) filter (where days_ago between 1 and 7) as expected_of,
        count(expected_numerator) filter (where days_ago between 1 and 7) as expected_days
    from days
    group by kpi
),

week_figures as (
    select
        kpi,
        cast(now as double) / coalesce(nullif(now_of, 0), 1) as figure,
        cast(week_before as double) / coalesce(nullif(week_before_of, 0), 1) as week_before_figure,
        cast(year_before as double) / coalesce(nullif(year_before_of, 0), 1) as year_before_figure,
        case when expected_days = 7 then expected / coalesce(nullif(expected_of, 0), 1) end as expected_figure
    from sums
    where now is not null and now_of is distinct from 0
)

select
    kpi,
    figure,
    week_before_figure,
    year_before_figure,
    expected_figure,
    figure / nullif(week_before_figure, 0) - 1 as to_week_before_share,
    figure / nullif(year_before_figure, 0) - 1 as to_year_before_share,
    figure / nullif(expected_figure, 0) - 1 as to_expected_share
from week_figures
order by list_position($kpis, kpi)
