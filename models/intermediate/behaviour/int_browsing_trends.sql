-- On how many days a customer browsed in the last period and in the one before it. Days, since one visit is any
-- number of events.
with latest as (

    select as_of_date from {{ ref('int_as_of_dates') }} where is_latest

),

browsed as (

    select distinct
        account_customers.customer_id,
        {{ days_between('events.occurred_on', 'latest.as_of_date') }} as age_days
    from {{ accepted('events') }} as events
    inner join {{ ref('int_account_customers') }} as account_customers
        on events.account_id = account_customers.account_id
    inner join latest on events.occurred_on < latest.as_of_date

),

counted as (

    select
        browsed.customer_id,
        count(*) filter (where browsed.age_days <= rules.trend_days) as recent_days,
        count(*) filter (
            where browsed.age_days > rules.trend_days and browsed.age_days <= 2 * rules.trend_days
        ) as earlier_days
    from browsed
    cross join {{ ref('int_lifecycle_rules') }} as rules
    group by browsed.customer_id

)

select
    counted.*,
    case
        when counted.earlier_days >= rules.trend_min_purchases
            then cast(counted.recent_days as double) / counted.earlier_days - 1
    end as browsing_trend
from counted
cross join {{ ref('int_lifecycle_rules') }} as rules
