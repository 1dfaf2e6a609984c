-- What each customer ordered in each month, as it stood on the latest day of analysis, and the segment in which it left them: each
-- day of analysis looks back on a month of its own, which is over by the first of the next. New is who had not bought in an earlier month.
with ordered as (

    select
        customer_id,
        cast(date_trunc('month', ordered_on) as date) as calendar_month,
        had_bought_before_month,
        count(*) filter (where is_purchase) as purchase_count,
        sum(unit_count) filter (where is_purchase) as unit_count,
        sum(net_amount) as net_amount
    from {{ ref('int_kpi_orders') }} as orders
    where customer_id is not null
    group by customer_id, cast(date_trunc('month', ordered_on) as date), had_bought_before_month

)

select
    ordered.customer_id,
    ordered.calendar_month,
    coalesce(rfm.segment_code, 'none') as segment_code,
    case
        when ordered.purchase_count = 0 then 'none'
        when ordered.had_bought_before_month then 'returning'
        else 'new'
    end as buyer_type,
    ordered.purchase_count,
    cast(coalesce(ordered.unit_count, 0) as decimal(18,3)) as unit_count,
    cast(ordered.net_amount as decimal(18,2)) as net_amount,
    extract(day from days.as_of_date) = 1 as is_complete
from ordered
inner join {{ ref('int_as_of_dates') }} as days
    on ordered.calendar_month = {{ month_looked_back_on('days.as_of_date') }}
left join {{ ref('customer_rfm') }} as rfm
    on ordered.customer_id = rfm.customer_id
    and days.as_of_date = rfm.as_of_date
