-- Customers are compared with those of the last publication over the accounts that both have. A
-- customer that only gained new accounts, or lost old ones, goes on under its id: that is no change.
with pairs as (

    select
        published.former_customer_id,
        account_customers.customer_id,
        count(*) as account_count
    from {{ ref('stg_publication__customer_accounts') }} as published
    full join {{ ref('int_account_customers') }} as account_customers
        on published.account_id = account_customers.account_id
    group by published.former_customer_id, account_customers.customer_id

),

counted as (

    select
        pairs.*,
        count(former_customer_id) over (partition by customer_id) as origin_count,
        count(customer_id) over (partition by former_customer_id) as successor_count
    from pairs

),

named as (

    select
        counted.*,
        case
            when former_customer_id is null and origin_count = 0 then 'born'
            when customer_id is null and successor_count = 0 then 'died'
            when former_customer_id is null or customer_id is null then null
            when origin_count > 1 and successor_count > 1 then 'moved'
            when origin_count > 1 then 'merged'
            when successor_count > 1 then 'split'
            when former_customer_id <> customer_id then 'renamed'
        end as change_type
    from counted

)

select * from {{ ref('stg_publication__customer_id_changes') }}
union all
select
    generations.generation as compared_with,
    as_of_dates.as_of_date,
    named.change_type,
    named.former_customer_id,
    named.customer_id,
    named.account_count
from named
cross join {{ ref('stg_publication__generation') }} as generations
cross join {{ ref('int_as_of_dates') }} as as_of_dates
where as_of_dates.is_latest
    and named.change_type is not null
