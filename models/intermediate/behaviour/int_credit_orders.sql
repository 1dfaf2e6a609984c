-- The order of a credit that names its customer and no order: the customer's latest earlier order that
-- had just as much left to be given back, each order once. It takes off all that is left of it.
-- Of a customer and an amount, orders open and credits close like brackets: a credit closes what opened
-- last and is open still. So nothing is compared with everything, and what comes later changes nothing
-- of what was closed. An order that changed before any credit came opens nothing; a credit that closes
-- one which changed in between finds none.
{%- set pile = 'partition by customer_id, currency, amount' %}
{%- set in_order = 'order by happened_on nulls last, is_credit nulls last, ordered_at nulls first, event_id nulls last' %}

with events as (

    select
        account_customers.customer_id,
        refunds.currency,
        refunds.delivered_amount as amount,
        refunds.refunded_on as happened_on,
        1 as is_credit,
        0 as is_end,
        refunds.refund_id as event_id,
        cast(null as timestamp) as ordered_at,
        cast(null as date) as left_from,
        cast(null as date) as left_to
    from {{ ref('int_refunds') }} as refunds
    inner join {{ ref('int_account_customers') }} as account_customers
        on refunds.account_id = account_customers.account_id
    where not refunds.names_an_order
    union all
    select
        candidates.customer_id,
        candidates.currency,
        candidates.amount_left,
        case when sides.is_end = 0 then candidates.left_from else candidates.left_to end,
        0,
        sides.is_end,
        candidates.order_id,
        candidates.ordered_at,
        candidates.left_from,
        candidates.left_to
    from {{ ref('int_credit_candidates') }} as candidates
    cross join (select 0 as is_end union all select 1) as sides

),

counted as (

    select
        events.*,
        sum(is_credit) over ({{ pile }} {{ in_order }}, is_end nulls last) as credits_so_far
    from events

),

lives as (

    select
        counted.*,
        max(credits_so_far) over (partition by is_credit, event_id, left_from) as credits_until_end
    from counted

),

heights as (

    select
        lives.*,
        sum(1 - 2 * is_credit) over ({{ pile }} {{ in_order }}) as height
    from lives
    where is_credit = 1
        or (is_end = 0 and credits_until_end > credits_so_far)

),

depths as (

    select
        heights.*,
        height + is_credit - least(
            0, min(height) over ({{ pile }} {{ in_order }} rows between unbounded preceding and 1 preceding)
        ) as depth
    from heights

),

closed as (

    select
        depths.*,
        lag(event_id) over so_far as order_id,
        lag(left_from) over so_far as order_left_from,
        lag(left_to) over so_far as order_left_to
    from depths
    window so_far as (partition by customer_id, currency, amount, depth {{ in_order }})

),

found as (

    select
        closed.*,
        row_number() over (partition by order_id order by happened_on nulls last, event_id nulls last)
            as credit_number
    from closed
    where is_credit = 1
        and depth > 0
        and (happened_on < order_left_to or order_left_to is null)

)

select
    found.event_id as refund_id,
    found.order_id,
    candidates.net_amount as credit_amount,
    candidates.delivered_amount as credited_revenue
from found
inner join {{ ref('int_credit_candidates') }} as candidates
    on found.order_id = candidates.order_id
    and found.order_left_from = candidates.left_from
where found.credit_number = 1
