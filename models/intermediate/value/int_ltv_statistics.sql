-- All that BG/NBD and Gamma-Gamma know of a customer, in days, as it stood on the day:
--   repeat_days    x    purchase days after the first
--   active_days    t_x  from the first purchase day to the last
--   observed_days  T    from the first purchase day to the last one before the day of analysis
--   repeat_amount       all money after the first purchase day, returns and credits off, of which m is the mean
--   total_amount        all money, of which the shop's own mean of a purchase day is made
-- What came afterwards, until the next of the days of analysis, is for the hold-out alone, and stands as it did then.
-- Whatever is told of a day says whether it is the latest, so that who asks for that one alone has only it computed.
{%- set is_later = 'transactions.transacted_on >= cutoffs.as_of_date' %}
{%- set told_on = 'case when ' ~ is_later ~ ' then cutoffs.held_out_until else cutoffs.as_of_date end' %}

with days as (

    select
        cutoffs.as_of_date,
        cutoffs.is_latest,
        transactions.customer_id,
        transactions.transacted_on,
        {{ is_later }} as is_later,
        sum(transactions.net_amount) as amount,
        max(case when transactions.is_purchase then transactions.transacted_on end) as purchased_on
    from {{ ref('int_ltv_cutoffs') }} as cutoffs
    inner join {{ ref('int_transactions') }} as transactions
        on {{ stands_on('transactions', told_on) }}
    group by cutoffs.as_of_date, cutoffs.is_latest, transactions.customer_id, transactions.transacted_on

),

since_the_first as (

    select
        *,
        min(case when not is_later then purchased_on end) over (partition by as_of_date, is_latest, customer_id)
            as first_purchase_on
    from days

),

summed as (

    select
        customer_id,
        as_of_date,
        is_latest,
        first_purchase_on,
        max(purchased_on) filter (where not is_later) as last_purchase_on,
        count(purchased_on) filter (where not is_later) - 1 as repeat_days,
        sum(amount) filter (where not is_later and transacted_on > first_purchase_on) as repeat_amount,
        sum(amount) filter (where not is_later) as total_amount,
        count(purchased_on) filter (where is_later) as later_days,
        sum(amount) filter (where is_later) as later_amount
    from since_the_first
    where first_purchase_on is not null
    group by customer_id, as_of_date, is_latest, first_purchase_on

)

select
    customer_id,
    as_of_date,
    is_latest,
    repeat_days,
    {{ days_between('first_purchase_on', 'last_purchase_on') }} as active_days,
    {{ days_between('first_purchase_on', 'as_of_date') }} - 1 as observed_days,
    cast(coalesce(repeat_amount, 0) as decimal(18,2)) as repeat_amount,
    cast(total_amount as decimal(18,2)) as total_amount,
    later_days,
    cast(coalesce(later_amount, 0) as decimal(18,2)) as later_amount
from summed
