-- The order of a credit that names its customer and no order: the customer's latest earlier order that
-- had just as much left to be given back, each order once. It takes off all that is left of it.
-- Of a customer and an amount, orders open and credits close like brackets: a credit closes what opened
-- last and is open still. So nothing is compared with everything, and what comes later changes nothing
-- of what was closed. An order that changed before any credit came opens nothing; a credit that closes
-- one which changed in between finds none.
with events as (

    select
        account_customers.customer_id,
        refunds.currency,
        refunds.delivered_amount as amount,
        refunds.refunded_on as happened_on,
        1 as is_credit,
        refunds.refund_id as transaction_id,
        cast(null as timestamp) as ordered_at,
        cast(null as date) as left_to
    from {{ ref('int_refunds') }} as refunds
    inner join {{ ref('int_account_customers') }} as account_customers
        on refunds.account_id = account_customers.account_id
    where not refunds.names_an_order
    union all
    select
        customer_id,
        currency,
        amount_left,
        left_from,
        0,
        order_id,
        ordered_at,
        left_to
    from {{ ref('int_credit_candidates') }}

),

watched as (

    select
        events.*,
        min(case when is_credit = 1 then happened_on end) over (
            partition by customer_id, currency, amount
            order by happened_on nulls last
            range between current row and unbounded following
        ) as next_credit_on
    from events

),

heights as (

    select
        watched.*,
        sum(1 - 2 * is_credit) over (
            partition by customer_id, currency, amount
            order by happened_on nulls last, is_credit nulls last, ordered_at nulls last, transaction_id nulls last
        ) as height
    from watched
    where is_credit = 1
        or left_to is null
        or next_credit_on < left_to

),

depths as (

    select
        heights.*,
        height + is_credit - least(
            0,
            min(height) over (
                partition by customer_id, currency, amount
                order by happened_on nulls last, is_credit nulls last, ordered_at nulls last, transaction_id nulls last
                rows between unbounded preceding and 1 preceding
            )
        ) as depth
    from heights

),

closed as (

    select
        depths.*,
        lag(transaction_id) over side_by_side as order_id,
        lag(happened_on) over side_by_side as left_from
    from depths
    window side_by_side as (
        partition by customer_id, currency, amount, depth
        order by happened_on nulls last, is_credit nulls last, ordered_at nulls last, transaction_id nulls last
    )

),

found as (

    select
        closed.transaction_id as refund_id,
        candidates.*,
        row_number() over (
            partition by candidates.order_id
            order by closed.happened_on nulls last, closed.transaction_id nulls last
        ) as credit_number
    from closed
    inner join {{ ref('int_credit_candidates') }} as candidates
        on closed.order_id = candidates.order_id
        and closed.left_from = candidates.left_from
        and (closed.happened_on < candidates.left_to or candidates.left_to is null)
    where closed.is_credit = 1
        and closed.depth > 0

)

select
    refund_id,
    order_id,
    net_amount as credit_amount,
    delivered_amount as credited_revenue
from found
where credit_number = 1
