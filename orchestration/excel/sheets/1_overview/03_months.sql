-- Months that are over, by year, of all channels, regions and customers.
select
    year(calendar_month)::varchar as year,
    calendar_month,
    sum(numerator) filter (where kpi = 'net_revenue') as net_revenue,
    sum(last_year_value) filter (where kpi = 'net_revenue') as last_year,
    sum(numerator) filter (where kpi = 'average_order_value') as purchase_revenue,
    sum(denominator) filter (where kpi = 'average_order_value') as orders,
    sum(numerator) filter (where kpi = 'refund_rate') as refunds,
    sum(denominator) filter (where kpi = 'refund_rate') as revenue_before_refunds,
    coalesce(sum(numerator) filter (where kpi = 'new_customers'), 0) as new_customers,
    coalesce(sum(numerator) filter (where kpi = 'reactivated_customers'), 0) as reactivated_customers,
    coalesce(sum(numerator) filter (where kpi = 'churned_customers'), 0) as churned_customers,
    sum(numerator) filter (where kpi = 'marketing_spend') as marketing_spend,
    sum(denominator) filter (where kpi = 'acquisition_cost') as paid_new_customers
from marts.kpi_monthly
where channel = 'all' and region = 'all' and customer_type = 'all' and is_complete
group by calendar_month
qualify dense_rank() over (order by calendar_month desc) <= 24
order by calendar_month
