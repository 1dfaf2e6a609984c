-- Every refund, with whose it is: it is of the order that it names; or it names a customer, and is of
-- the order that had as much left, or of nothing but the customer; or nobody knows.
select
    refunds.refund_id,
    coalesce(refunds.order_id, credits.order_id) as order_id,
    case when refunds.order_id is null then account_customers.customer_id end as customer_id,
    refunds.source_system,
    case
        when refunds.order_id is not null then 'order_id'
        when credits.order_id is not null then 'amount'
        when account_customers.customer_id is not null then 'customer'
    end as matched_by,
    refunds.refunded_on,
    coalesce(credits.credit_amount, refunds.refund_amount) as refund_amount,
    coalesce(credits.credited_revenue, refunds.refunded_revenue) as refunded_revenue,
    refunds.amount_off_order,
    refunds.delivered_amount,
    refunds.refunded_on < latest.as_of_date as is_current
from {{ ref('int_refunds') }} as refunds
left join {{ ref('int_credit_orders') }} as credits on refunds.refund_id = credits.refund_id
left join {{ ref('int_account_customers') }} as account_customers
    on refunds.account_id = account_customers.account_id
left join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
