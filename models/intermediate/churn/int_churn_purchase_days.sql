-- The days on which customers had bought by each cut-off, as their orders stood then: what was refunded
-- or cancelled later counts, since nobody knew. Of the earlier cut-offs, from which the model is fitted,
-- only some customers are looked at; customer_id is a hash, so that the first of them are a fair sample.
with customers as (

    select
        customer_id,
        row_number() over (order by customer_id nulls last) <= {{ var('churn_sample_customers') }}
            as is_sampled
    from {{ ref('int_customers') }}

),

purchase_days as (

    select distinct
        purchases.customer_id,
        cutoffs.cutoff_on,
        purchases.ordered_on,
        cutoffs.is_latest
    from {{ ref('int_purchases') }} as purchases
    inner join customers on purchases.customer_id = customers.customer_id
    inner join {{ ref('int_churn_cutoffs') }} as cutoffs
        on {{ stands_on('purchases', 'cutoffs.cutoff_on') }}
        and (cutoffs.is_latest or customers.is_sampled)

)

select
    purchase_days.*,
    {{ days_between(
        'lag(ordered_on) over (partition by customer_id, cutoff_on order by ordered_on nulls last)',
        'ordered_on'
    ) }} as gap_days
from purchase_days
