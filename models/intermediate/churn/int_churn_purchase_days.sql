-- What customers had bought and given back by each cut-off, day by day, as their orders stood then: what was
-- refunded or cancelled later counts, since nobody knew. Of the earlier cut-offs, of which the outcome is known by now and from
-- which the model is fitted, only some customers are looked at; customer_id is a hash, so that the first of them are a fair sample.
with cutoffs as (

    {{ cutoffs('churn_cutoffs', 'churn_horizon_days', 'churn_cutoff_step_days') }}

),

customers as (

    select
        customer_number,
        row_number() over (order by customer_id nulls last) <= {{ var('churn_sample_customers') }}
            as is_sampled
    from {{ ref('int_customers') }}

),

looked_at as (

    select
        customers.customer_number,
        cutoffs.cutoff_on,
        cutoffs.is_latest
    from customers
    inner join cutoffs on (cutoffs.is_latest or customers.is_sampled)

),

days as (

    select
        transactions.customer_number,
        looked_at.cutoff_on,
        transactions.transacted_on,
        looked_at.is_latest,
        cast(sum(transactions.net_amount) as decimal(18,2)) as net_amount,
        max(case when transactions.is_purchase then transactions.transacted_on end) as purchased_on
    from {{ ref('int_transactions') }} as transactions
    inner join looked_at
        on transactions.customer_number = looked_at.customer_number
        and {{ stands_on('transactions', 'looked_at.cutoff_on') }}
    group by transactions.customer_number, looked_at.cutoff_on, transactions.transacted_on, looked_at.is_latest

),

followed as (

    select
        days.*,
        max(purchased_on) over (
            partition by customer_number, cutoff_on, is_latest
            order by transacted_on nulls last
            rows between unbounded preceding and 1 preceding
        ) as purchased_before_on
    from days

)

select
    customer_number,
    cutoff_on,
    transacted_on,
    is_latest,
    net_amount,
    purchased_on,
    {{ days_between('purchased_before_on', 'purchased_on') }} as gap_days
from followed
