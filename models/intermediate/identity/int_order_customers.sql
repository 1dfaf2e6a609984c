-- Whose an order is: its account says so, or else the claim of a customer.
with orders as (

    select * from {{ ref('int_orders') }}

),

account_customers as (

    select * from {{ ref('int_account_customers') }}

),

claims as (

    select * from {{ ref('int_guest_claims') }}

),

order_customers as (

    select
        orders.order_id,
        coalesce(account_customers.customer_id, claims.customer_id) as customer_id,
        case when claims.customer_id is not null then claims.identifier_type end as claimed_by
    from orders
    left join account_customers on orders.account_id = account_customers.account_id
    left join claims on orders.order_id = claims.order_id

)

select * from order_customers
