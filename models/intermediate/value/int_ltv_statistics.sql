-- All that BG/NBD and Gamma-Gamma know of a customer, in days, as it stood on the day:
--   repeat_days    x    purchase days after the first
--   active_days    t_x  from the first purchase day to the last
--   observed_days  T    from the first purchase day to the last one before the day of analysis
--   repeat_amount       all money after the first purchase day, returns and credits off, of which m is the mean
--   total_amount        all money, of which the shop's own mean of a purchase day is made
-- What came afterwards, until the next of the days of analysis, is for the hold-out alone.
with days as (

    select
        cutoffs.as_of_date,
        cutoffs.is_latest,
        transactions.customer_id,
        transactions.transacted_on,
        sum(transactions.net_amount) as amount,
        max(case when transactions.is_purchase then transactions.transacted_on end) as purchased_on
    from {{ ref('int_ltv_cutoffs') }} as cutoffs
    inner join {{ ref('int_transactions') }} as transactions
        on {{ stands_on('transactions', 'cutoffs.as_of_date') }}
    group by cutoffs.as_of_date, cutoffs.is_latest, transactions.customer_id, transactions.transacted_on

),

since_the_first as (

    select
        *,
        min(purchased_on) over (partition by as_of_date, customer_id) as first_purchase_on
    from days

),

summed as (

    select
        customer_id,
        as_of_date,
        is_latest,
        first_purchase_on,
        max(purchased_on) as last_purchase_on,
        count(purchased_on) - 1 as repeat_days,
        sum(case when transacted_on > first_purchase_on then amount else 0 end) as repeat_amount,
        sum(amount) as total_amount
    from since_the_first
    where first_purchase_on is not null
    group by customer_id, as_of_date, is_latest, first_purchase_on

),

later as (

    select
        cutoffs.as_of_date,
        days.customer_id,
        count(days.purchased_on) as later_days,
        sum(days.amount) as later_amount
    from {{ ref('int_ltv_cutoffs') }} as cutoffs
    inner join days
        on cutoffs.held_out_until = days.as_of_date
        and cutoffs.as_of_date <= days.transacted_on
    group by cutoffs.as_of_date, days.customer_id

)

select
    summed.customer_id,
    summed.as_of_date,
    summed.is_latest,
    summed.repeat_days,
    {{ days_between('summed.first_purchase_on', 'summed.last_purchase_on') }} as active_days,
    {{ days_between('summed.first_purchase_on', 'summed.as_of_date') }} - 1 as observed_days,
    cast(summed.repeat_amount as decimal(18,2)) as repeat_amount,
    cast(summed.total_amount as decimal(18,2)) as total_amount,
    coalesce(later.later_days, 0) as later_days,
    cast(coalesce(later.later_amount, 0) as decimal(18,2)) as later_amount
from summed
left join later
    on summed.customer_id = later.customer_id
    and summed.as_of_date = later.as_of_date
