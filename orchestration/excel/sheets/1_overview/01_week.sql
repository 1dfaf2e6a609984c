-- The seven days before the day of analysis, of all channels, regions and customers. People are not counted here, since those of
-- seven days are not the sum of seven days' people.
with days as (
    select
        kpi, numerator, denominator, expected_numerator, expected_denominator,
        (select as_of_date from marts.publication) - calendar_day as days_ago
    from marts.kpi_daily
    where channel = 'all' and region = 'all' and customer_type = 'all'
),

summed as (
    select
        kpi,
        sum(numerator) filter (where days_ago between 1 and 7) as above,
        sum(denominator) filter (where days_ago between 1 and 7) as below,
        sum(numerator) filter (where days_ago between 8 and 14) as above_before,
        sum(denominator) filter (where days_ago between 8 and 14) as below_before,
        sum(numerator) filter (where days_ago between 365 and 371) as above_last_year,
        sum(denominator) filter (where days_ago between 365 and 371) as below_last_year,
        sum(expected_numerator) filter (where days_ago between 1 and 7) as above_expected,
        sum(expected_denominator) filter (where days_ago between 1 and 7) as below_expected,
        count(denominator) > 0 as is_ratio
    from days
    group by kpi
)

select
    summed.kpi,
    form_of.form,
    if(is_ratio, above / nullif(below, 0), above) as figure,
    if(is_ratio, above_before / nullif(below_before, 0), above_before) as before,
    if(is_ratio, above_last_year / nullif(below_last_year, 0), above_last_year) as last_year,
    if(is_ratio, above_expected / nullif(below_expected, 0), above_expected) as expected
from summed
inner join (
    values
        ('net_revenue', 'amount', 1), ('orders', 'count', 2), ('average_order_value', 'money', 3), ('units', 'count', 4),
        ('discount_share', 'share', 5), ('refund_rate', 'share', 6), ('new_customers', 'count', 7),
        ('reactivated_customers', 'count', 8), ('churned_customers', 'count', 9), ('contacts', 'count', 10),
        ('visits', 'count', 11), ('conversion_rate', 'share', 12), ('marketing_spend', 'amount', 13),
        ('acquisition_cost', 'money', 14)
) as form_of (kpi, form, place) on summed.kpi = form_of.kpi
order by form_of.place
