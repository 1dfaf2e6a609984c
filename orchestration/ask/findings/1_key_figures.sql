-- What the last seven days came to, beside the week before, the same days of the week a year before, and what was
-- expected of them: of whatever is the sum of its days, or a ratio of such sums. What will be refunded of a week is not
-- known when it ends, so that its refund rate would always fall. It is marts.kpi_daily, by orchestration/report/stretches.sql.
with week_figures as (
    select
        kpi,
        max(value) filter (where frame = 'now') as figure,
        max(value) filter (where frame = 'before') as week_before_figure,
        max(value) filter (where frame = 'year_before') as year_before_figure,
        max(expected_value) filter (where frame = 'now') as expected_figure
    from stretch_figures
    where period = 'week'
        and channel = 'all'
        and region = 'all'
        and kpi in (select unnest($kpis))
        and kpi <> 'refund_rate'
    group by kpi
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
where figure is not null
order by list_position($kpis, kpi)
