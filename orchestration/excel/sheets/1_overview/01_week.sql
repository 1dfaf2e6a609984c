-- The seven days before the day of analysis, of all channels, regions and customers. People are not counted here, since those of
-- seven days are not the sum of seven days' people. It is marts.kpi_daily, by orchestration/report/stretches.sql.
select
    figures.kpi,
    form_of.form,
    max(figures.value) filter (where figures.frame = 'now') as figure,
    max(figures.value) filter (where figures.frame = 'before') as before,
    max(figures.value) filter (where figures.frame = 'year_before') as last_year,
    max(figures.expected_value) filter (where figures.frame = 'now') as expected
from stretch_figures as figures
inner join (
    values
        ('net_revenue', 'amount', 1), ('orders', 'count', 2), ('average_order_value', 'money', 3), ('units', 'count', 4),
        ('discount_share', 'share', 5), ('refund_rate', 'share', 6), ('new_customers', 'count', 7),
        ('reactivated_customers', 'count', 8), ('churned_customers', 'count', 9), ('contacts', 'count', 10),
        ('visits', 'count', 11), ('conversion_rate', 'share', 12), ('marketing_spend', 'amount', 13),
        ('acquisition_cost', 'money', 14)
) as form_of (kpi, form, place) on figures.kpi = form_of.kpi
where figures.period = 'week' and figures.channel = 'all' and figures.region = 'all'
group by figures.kpi, form_of.form, form_of.place
order by form_of.place
