-- What each customer had done by each day of the history, from the day they became known. Counted are
-- purchases; money is of all that was transacted, what was given back included.
with aged as (

    select
        transactions.*,
        case when transactions.is_purchase then transactions.transacted_on end as purchased_on,
        rules.trend_days,
        {{ days_between('transactions.transacted_on', 'transactions.as_of_date') }} as age_days
    from {{ ref('int_transactions_as_of') }} as transactions
    cross join {{ ref('int_lifecycle_rules') }} as rules

),

summed as (

    select
        customer_id,
        as_of_date,
        min(purchased_on) as first_purchase_on,
        max(purchased_on) as last_purchase_on,
        count(purchased_on) as purchase_count,
        count(distinct purchased_on) as purchase_day_count,
        count(purchased_on) filter (where {{ in_rfm_window('age_days') }}) as window_purchase_count,
        count(distinct purchased_on) filter (where {{ in_rfm_window('age_days') }})
            as window_purchase_day_count,
        sum(net_amount) filter (where {{ in_rfm_window('age_days') }}) as window_amount,
        sum(net_amount) filter (where age_days <= trend_days) as recent_amount,
        sum(net_amount) filter (where age_days > trend_days and age_days <= 2 * trend_days)
            as earlier_amount
    from aged
    group by customer_id, as_of_date

)

select
    customers.customer_id,
    as_of_dates.as_of_date,
    as_of_dates.is_latest,
    customers.known_since,
    summed.first_purchase_on,
    summed.last_purchase_on,
    {{ days_between(
        'coalesce(summed.last_purchase_on, customers.known_since)', 'as_of_dates.as_of_date'
    ) }} as days_since_last,
    coalesce(summed.purchase_count, 0) as purchase_count,
    coalesce(summed.purchase_day_count, 0) as purchase_day_count,
    coalesce(summed.window_purchase_count, 0) as window_purchase_count,
    coalesce(summed.window_purchase_day_count, 0) as window_purchase_day_count,
    cast(coalesce(summed.window_amount, 0) as decimal(18,2)) as window_amount,
    cast(coalesce(summed.recent_amount, 0) as decimal(18,2)) as recent_amount,
    cast(coalesce(summed.earlier_amount, 0) as decimal(18,2)) as earlier_amount
from {{ ref('int_customer_known_since') }} as customers
inner join {{ ref('int_as_of_dates') }} as as_of_dates on customers.known_since < as_of_dates.as_of_date
left join summed
    on customers.customer_id = summed.customer_id
    and as_of_dates.as_of_date = summed.as_of_date
