-- The golden record: each attribute from the oldest account that knows it, but the membership that
-- ends last.
with accounts as (

    select * from {{ ref('int_accounts') }}

),

account_customers as (

    select * from {{ ref('int_account_customers') }}

),

ranked as (

    select
        accounts.*,
        account_customers.customer_id,
        row_number() over (
            partition by account_customers.customer_id
            order by accounts.registered_on nulls last, accounts.account_id nulls last
        ) as age_rank
    from accounts
    inner join account_customers on accounts.account_id = account_customers.account_id

),

customers as (

    select
        customer_id,
        {{ join_array('source_system', ', ') }} as source_systems,
        min_by(gender, age_rank) filter (where gender is not null) as gender,
        min_by(city, age_rank) filter (where city is not null) as city,
        min_by(membership_tier, age_rank) filter (where membership_tier is not null)
            as membership_tier,
        count(*) as account_count,
        count(distinct source_system) as source_system_count,
        min(registered_on) as registered_on,
        max(membership_expires_on) as membership_expires_on
    from ranked
    group by customer_id

)

select * from customers
