-- A cohort is everybody who bought for the first time in a month. Each month since then says who of
-- them bought again and for how much. The month in progress is there, but says nothing yet: its
-- figures are null. Money given back counts in its month, and before the first purchase in the first.
-- A month in which nobody began is a cohort of nobody.
with months as (

    select
        calendar_month as activity_month,
        days_since_month >= 0 as is_complete
    from {{ ref('int_months') }}

),

cohorts as (

    select
        months.calendar_month as cohort_month,
        count(beginnings.customer_id) as customer_count
    from {{ ref('int_months') }} as months
    left join {{ ref('int_first_purchases') }} as beginnings on months.calendar_month = beginnings.cohort_month
    group by months.calendar_month

),

dated as (

    select
        beginnings.cohort_month,
        greatest(transactions.transacted_month, beginnings.cohort_month) as activity_month,
        transactions.customer_id,
        transactions.net_amount,
        transactions.is_purchase
    from {{ ref('int_latest_transactions') }} as transactions
    inner join {{ ref('int_first_purchases') }} as beginnings on transactions.customer_id = beginnings.customer_id

),

activity as (

    select
        cohort_month,
        activity_month,
        count(distinct customer_id) filter (where is_purchase) as retained_count,
        sum(net_amount) as revenue_amount
    from dated
    group by cohort_month, activity_month

),

measured as (

    select
        cohorts.cohort_month,
        12 * (extract(year from months.activity_month) - extract(year from cohorts.cohort_month))
            + extract(month from months.activity_month) - extract(month from cohorts.cohort_month)
            as months_since,
        months.activity_month,
        months.is_complete,
        cohorts.customer_count,
        case when months.is_complete then coalesce(activity.retained_count, 0) end as retained_count,
        case when months.is_complete then coalesce(activity.revenue_amount, 0) end as revenue_amount
    from cohorts
    inner join months on cohorts.cohort_month <= months.activity_month
    left join activity
        on cohorts.cohort_month = activity.cohort_month
        and months.activity_month = activity.activity_month

),

added_up as (

    select
        measured.*,
        case
            when is_complete
                then sum(revenue_amount) over (partition by cohort_month order by activity_month nulls last)
        end as cumulative_amount
    from measured

)

select
    cohort_month,
    cast(months_since as bigint) as months_since,

    activity_month,

    customer_count,
    cast(retained_count as bigint) as retained_count,
    cast(retained_count as double) / nullif(customer_count, 0) as retained_share,
    cast(revenue_amount as decimal(18,2)) as revenue_amount,
    cast(cumulative_amount as decimal(18,2)) as cumulative_amount,
    cast(cumulative_amount as double) / nullif(customer_count, 0) as cumulative_amount_per_customer,

    is_complete
from added_up
