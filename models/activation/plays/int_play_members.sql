-- Whom each play is for. The probability of a purchase within churn_horizon_days by themselves tells who can still be moved; of who
-- never bought nobody knows it. An order is worth what is expected of the customer's, or the shop's mean. A birthday on
-- 29 February is on the 28th in other years.
with standing as (

    select
        lifecycle.*,
        customers.birth_date,
        {{ days_between('customers.birth_date', 'lifecycle.as_of_date') }} as age_days,
        cast(extract(year from lifecycle.as_of_date) as bigint) - cast(extract(year from customers.birth_date) as bigint) as age_years
    from {{ ref('customer_lifecycle') }} as lifecycle
    inner join {{ ref('int_customers') }} as customers on lifecycle.customer_id = customers.customer_id
    where lifecycle.is_latest

),

birthdays as (

    select
        standing.*,
        cast(birth_date + interval '1' year * age_years as date) as birthday_on,
        cast(birth_date + interval '1' year * (age_years + 1) as date) as next_birthday_on,
        cast(as_of_date + interval '{{ whole_number("birthday_notice_days", 0) }}' day as date) as noticed_until
    from standing
    where age_days > 0

),

members as (

    select loyalty.*
    from {{ ref('loyalty_members') }} as loyalty
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and loyalty.calendar_month = {{ month_looked_back_on('latest.as_of_date') }}

),

players as (

    select customer_id, 'winback' as play, cause
    from {{ ref('customer_churn_causes') }}
    union all
    select customer_id, 'first_order', 'none'
    from standing
    where state = 'prospect'
    union all
    select customer_id, 'second_purchase', 'none'
    from standing
    where purchase_day_count = 1
        and state in ('new', 'active')
    union all
    select customer_id, 'birthday', 'none'
    from birthdays
    where birthday_on between as_of_date and noticed_until
        or next_birthday_on between as_of_date and noticed_until
    union all
    select customer_id, 'upgrade', 'none'
    from members
    where is_about_to_rise
    union all
    select customer_id, 'tier_falling', 'none'
    from members
    where is_about_to_fall

),

shop as (

    select cast(sum(expected_transaction_amount) as double) / count(*) as order_amount
    from {{ ref('customer_ltv') }}

)

select
    players.customer_id,
    players.play,
    players.cause,
    cast(1 - churn.churn_probability as double) as purchase_probability,
    coalesce(cast(ltv.expected_transaction_amount as double), shop.order_amount, 0) as order_amount
from players
cross join shop
left join {{ ref('customer_churn') }} as churn on players.customer_id = churn.customer_id
left join {{ ref('customer_ltv') }} as ltv on players.customer_id = ltv.customer_id
