-- The bank cards with which the orders of an account were paid.
with payments as (

    select * from {{ accepted('payments') }}

),

orders as (

    select * from {{ ref('int_orders') }}

),

card_tokens as (

    select distinct
        orders.account_id,
        payments.card_token
    from payments
    inner join orders on payments.order_id = orders.order_id
    where payments.card_token is not null
        and orders.account_id is not null

)

select * from card_tokens
