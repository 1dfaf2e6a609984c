-- The latest reason that a customer gave in a survey since the last purchase, where it is one of the causes.
with leavers as (

    select * from {{ ref('int_leavers') }}

),

interactions as (

    select * from {{ accepted('interactions') }}

),

account_customers as (

    select * from {{ ref('int_account_customers') }}

),

causes as (

    select * from {{ ref('churn_causes') }}

),

answers as (

    select
        leavers.customer_id,
        causes.cause,
        row_number() over (
            partition by leavers.customer_id
            order by interactions.occurred_at desc nulls last, causes.cause nulls last
        ) as answer_rank
    from leavers
    inner join account_customers on leavers.customer_id = account_customers.customer_id
    inner join interactions
        on account_customers.account_id = interactions.account_id
        and interactions.occurred_on >= leavers.last_purchase_on
        and interactions.occurred_on < leavers.as_of_date
    inner join causes on interactions.topic = causes.cause
    where interactions.interaction_type in ('nps', 'csat')

),

latest as (

    select
        customer_id,
        cause
    from answers
    where answer_rank = 1

)

select * from latest
