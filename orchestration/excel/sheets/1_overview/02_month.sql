-- The last month that is over, of all channels, regions and customers.
select
    figures.kpi,
    form_of.form,
    figures.value as figure,
    figures.last_period_value as before,
    figures.last_year_value as last_year,
    figures.expected_value as expected
from marts.kpi_monthly as figures
inner join (
    values
        ('net_revenue', 'amount', 1), ('orders', 'count', 2), ('buyers', 'count', 3), ('average_order_value', 'money', 4),
        ('units', 'count', 5), ('discount_share', 'share', 6), ('refund_rate', 'share', 7), ('repeat_rate', 'share', 8),
        ('active_customers', 'count', 9), ('new_customers', 'count', 10), ('reactivated_customers', 'count', 11),
        ('churned_customers', 'count', 12), ('contacts', 'count', 13), ('visits', 'count', 14),
        ('conversion_rate', 'share', 15), ('marketing_spend', 'amount', 16), ('acquisition_cost', 'money', 17)
) as form_of (kpi, form, place) on figures.kpi = form_of.kpi
where figures.channel = 'all' and figures.region = 'all' and figures.customer_type = 'all' and figures.is_complete
qualify figures.calendar_month = max(figures.calendar_month) over ()
order by form_of.place
