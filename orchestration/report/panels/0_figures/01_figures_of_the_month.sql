-- The last month that is over, of all channels, regions and customers; the order is that in which they are read.
-- A rate is written as a percentage here, since numbers of several kinds stand in one column.
with figures as (
    select figures.*, format_of.written, format_of.place
    from marts.kpi_monthly as figures
    inner join (
        values
            ('net_revenue', '{:,.0f}', 1), ('orders', '{:,.0f}', 2), ('buyers', '{:,.0f}', 3),
            ('average_order_value', '{:,.2f}', 4), ('units', '{:,.0f}', 5),
            ('discount_share', '{:.1f}%', 6), ('refund_rate', '{:.1f}%', 7), ('repeat_rate', '{:.1f}%', 8),
            ('active_customers', '{:,.0f}', 9), ('new_customers', '{:,.0f}', 10),
            ('reactivated_customers', '{:,.0f}', 11), ('churned_customers', '{:,.0f}', 12),
            ('contacts', '{:,.0f}', 13), ('visits', '{:,.0f}', 14), ('conversion_rate', '{:.1f}%', 15),
            ('marketing_spend', '{:,.0f}', 16), ('acquisition_cost', '{:,.2f}', 17)
    ) as format_of (kpi, written, place) on figures.kpi = format_of.kpi
    where channel = 'all' and region = 'all' and customer_type = 'all' and is_complete
)
select
    strftime(calendar_month, '%Y-%m') as figures_of,
    kpi,
    format(written, value * if(written like '%\%' escape '\', 100, 1)) as figure,
    format(written, last_period_value * if(written like '%\%' escape '\', 100, 1)) as month_before,
    format(written, last_year_value * if(written like '%\%' escape '\', 100, 1)) as year_before,
    format(written, expected_value * if(written like '%\%' escape '\', 100, 1)) as expected,
    value / nullif(expected_value, 0) - 1 as beyond_expected_share
from figures
qualify calendar_month = max(calendar_month) over ()
order by place
