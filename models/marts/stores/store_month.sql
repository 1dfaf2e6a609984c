-- What each store sold in each month, as it stood on the latest day of analysis, and to how many people. New is who had not
-- bought in an earlier month, wherever that was.
with sold as (

    select
        store_id,
        cast(date_trunc('month', ordered_on) as date) as calendar_month,
        count(distinct customer_number) filter (where is_purchase) as buyer_count,
        count(distinct customer_number) filter (where is_purchase and had_bought_before_month) as returning_buyer_count,
        count(*) filter (where is_purchase) as purchase_count,
        sum(unit_count) filter (where is_purchase) as unit_count,
        sum(net_amount) as net_amount
    from {{ ref('int_kpi_orders') }} as orders
    where store_id is not null
    group by store_id, cast(date_trunc('month', ordered_on) as date)

)

select
    sold.store_id,
    sold.calendar_month,

    sold.buyer_count,
    sold.buyer_count - sold.returning_buyer_count as new_buyer_count,
    sold.returning_buyer_count,
    sold.purchase_count,
    cast(coalesce(sold.unit_count, 0) as decimal(18,3)) as unit_count,
    cast(sold.net_amount as decimal(18,2)) as net_amount,

    months.began_on is not null as is_complete
from sold
left join {{ ref('int_whole_periods') }} as months
    on months.period_kind = 'month'
    and sold.calendar_month = months.began_on
