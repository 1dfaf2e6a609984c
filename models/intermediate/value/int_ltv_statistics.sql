-- All that BG/NBD and Gamma-Gamma know of a customer, in days, as it stood on the day:
--   repeat_days    x    purchase days after the first
--   active_days    t_x  from the first purchase day to the last
--   observed_days  T    from the first purchase day to the last one before the day of analysis
--   repeat_amount       net spend of the repeat days, of which m is the mean
-- What came afterwards, until the latest day, is for the hold-out alone.
with purchase_days as (

    select
        cutoffs.as_of_date,
        cutoffs.is_latest,
        purchases.customer_id,
        purchases.ordered_on,
        sum(purchases.net_amount) as amount
    from {{ ref('int_ltv_cutoffs') }} as cutoffs
    inner join {{ ref('int_purchases') }} as purchases
        on {{ stands_on('purchases', 'cutoffs.as_of_date') }}
    group by cutoffs.as_of_date, cutoffs.is_latest, purchases.customer_id, purchases.ordered_on

),

summed as (

    select
        customer_id,
        as_of_date,
        is_latest,
        count(*) - 1 as repeat_days,
        min(ordered_on) as first_purchase_on,
        max(ordered_on) as last_purchase_on,
        sum(amount) - min_by(amount, ordered_on) as repeat_amount
    from purchase_days
    group by customer_id, as_of_date, is_latest

),

later as (

    select
        cutoffs.as_of_date,
        purchase_days.customer_id,
        count(*) as later_days,
        sum(purchase_days.amount) as later_amount
    from {{ ref('int_ltv_cutoffs') }} as cutoffs
    inner join purchase_days on purchase_days.ordered_on >= cutoffs.as_of_date
    where purchase_days.is_latest
    group by cutoffs.as_of_date, purchase_days.customer_id

)

select
    summed.customer_id,
    summed.as_of_date,
    summed.is_latest,
    summed.repeat_days,
    {{ days_between('summed.first_purchase_on', 'summed.last_purchase_on') }} as active_days,
    {{ days_between('summed.first_purchase_on', 'summed.as_of_date') }} - 1 as observed_days,
    cast(summed.repeat_amount as decimal(18,2)) as repeat_amount,
    coalesce(later.later_days, 0) as later_days,
    cast(coalesce(later.later_amount, 0) as decimal(18,2)) as later_amount
from summed
left join later
    on summed.customer_id = later.customer_id
    and summed.as_of_date = later.as_of_date
