-- The latest reason that a customer gave in a survey since the last purchase, where it is one of the causes.
with answers as (

    select
        churned_customers.customer_id,
        causes.cause,
        row_number() over (
            partition by churned_customers.customer_id
            order by
                interactions.occurred_on desc nulls last, interactions.occurred_at desc nulls last,
                causes.cause nulls last
        ) as answer_rank
    from {{ ref('int_churned_customers') }} as churned_customers
    inner join {{ ref('int_account_customers') }} as account_customers
        on churned_customers.customer_id = account_customers.customer_id
    inner join {{ accepted('interactions') }} as interactions
        on account_customers.account_id = interactions.account_id
        and interactions.occurred_on >= churned_customers.last_purchase_on
        and interactions.occurred_on < churned_customers.as_of_date
    inner join {{ ref('churn_causes') }} as causes on interactions.topic = causes.cause
    where interactions.interaction_type in ('nps', 'csat')

)

select
    customer_id,
    cause
from answers
where answer_rank = 1
