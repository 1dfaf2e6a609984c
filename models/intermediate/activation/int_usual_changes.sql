-- What customers alike bought in the month after a month end, less what they bought in the month before it. Who had just bought much
-- buys less, and who had been silent comes back in part: that is regression to the mean, and no campaign did it.
with months as (

    select
        customer_id,
        transacted_month,
        count(*) filter (where is_purchase) as order_count,
        sum(net_amount) as net_amount
    from {{ ref('int_latest_transactions') }}
    group by customer_id, transacted_month

),

placed as (

    select
        activity.customer_id,
        activity.as_of_date,
        {{ usual_stratum('activity.days_since_last', 'activity.window_purchase_count') }} as stratum
    from {{ ref('int_customer_activity') }} as activity
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and cast(activity.as_of_date + interval '1' month as date) <= latest.as_of_date
    where activity.purchase_count > 0

)

select
    placed.as_of_date,
    placed.stratum,
    count(*) as customer_count,
    cast(coalesce(sum(after_it.order_count), 0) - coalesce(sum(before_it.order_count), 0) as bigint) as order_change,
    cast(coalesce(sum(after_it.net_amount), 0) - coalesce(sum(before_it.net_amount), 0) as decimal(18,2)) as revenue_change
from placed
left join months as after_it
    on placed.customer_id = after_it.customer_id
    and placed.as_of_date = after_it.transacted_month
left join months as before_it
    on placed.customer_id = before_it.customer_id
    and cast(placed.as_of_date - interval '1' month as date) = before_it.transacted_month
group by placed.as_of_date, placed.stratum
