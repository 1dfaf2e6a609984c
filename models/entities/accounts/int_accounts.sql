-- An account that nobody delivered, but that orders name, is an account nevertheless. A day of
-- registration that can't be true is taken for unknown, since the oldest account names the customer.
with accepted as (

    select * from {{ accepted('accounts') }}

),

orders as (

    select * from {{ ref('int_orders') }}

),

delivered as (

    select
        account_id,
        source_system,
        source_account_id,
        member_number,
        phone,
        email,
        union_id,
        national_id,
        full_name,
        gender,
        city,
        address,
        postcode,
        membership_tier,
        acquisition_channel,
        case
            when not {{ before_first_day('registered_on') }} and not {{ after_delivery('registered_on') }}
                then registered_on
        end as registered_on,
        birth_date,
        membership_expires_on,
        false as is_inferred
    from accepted

),

inferred as (

    select distinct
        orders.account_id,
        split_part(orders.account_id, ':', 1) as source_system,
        {{ unqualified('orders.account_id') }} as source_account_id,
        cast(null as string) as member_number,
        cast(null as string) as phone,
        cast(null as string) as email,
        cast(null as string) as union_id,
        cast(null as string) as national_id,
        cast(null as string) as full_name,
        cast(null as string) as gender,
        cast(null as string) as city,
        cast(null as string) as address,
        cast(null as string) as postcode,
        cast(null as string) as membership_tier,
        cast(null as string) as acquisition_channel,
        cast(null as date) as registered_on,
        cast(null as date) as birth_date,
        cast(null as date) as membership_expires_on,
        true as is_inferred
    from orders
    anti join delivered on orders.account_id = delivered.account_id
    where orders.account_id is not null

),

accounts as (

    select * from delivered
    union all
    select * from inferred

)

select * from accounts
