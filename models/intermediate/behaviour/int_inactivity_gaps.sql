-- Every inactivity between two purchase days of a customer, and the one that still goes on, cut into
-- pieces by the campaigns that reached the customer in it. All days are counted from the purchase that
-- the inactivity follows. For each window from counted_from to counted_until a piece tells whether the
-- customer, silent for longer than that, came back within the next churn_horizon_days: yes, from
-- reactivated_from on. It tells nothing of windows that a campaign follows within that time, since nobody
-- knows who would have come back without it, nor of those that the data end too soon after. A
-- histogram: there are only so many lengths, however many purchases.
-- What is broadcast week by week is no campaign: it goes to whoever subscribes, and no silence would be free of it.
with latest as (

    select as_of_date from {{ ref('int_as_of_dates') }} where is_latest

),

contacts as (

    select
        customer_id,
        transacted_on as contact_on,
        transacted_on as purchased_on,
        cast(null as date) as touched_on
    from {{ ref('int_latest_transactions') }}
    where is_purchase
    union all
    select messages.customer_id, messages.occurred_on, null, messages.occurred_on
    from {{ ref('int_messages') }} as messages
    inner join latest on messages.occurred_on < latest.as_of_date
    where messages.customer_id is not null
        and messages.assignment is distinct from 'broadcast'

),

contact_days as (

    select customer_id, contact_on, max(purchased_on) as purchased_on, max(touched_on) as touched_on
    from contacts
    group by customer_id, contact_on

),

spans as (

    select
        customer_id,
        contact_on,
        max(purchased_on) over (
            partition by customer_id order by contact_on nulls last
            rows between unbounded preceding and current row
        ) as silent_since,
        lead(purchased_on) over (partition by customer_id order by contact_on nulls last) as back_on,
        min(touched_on) over (
            partition by customer_id order by contact_on nulls last
            rows between 1 following and unbounded following
        ) as touched_on
    from contact_days

),

measured as (

    select
        {{ days_between('spans.silent_since', 'spans.contact_on') }} as counted_from,
        {{ days_between('spans.silent_since', 'spans.back_on') }} as back_days,
        {{ days_between('spans.silent_since', 'coalesce(spans.touched_on, latest.as_of_date)') }}
            as watched_days
    from spans
    cross join latest
    where spans.silent_since is not null

),

pieces as (

    select
        counted_from,
        least(
            coalesce(back_days, watched_days), watched_days - {{ var('churn_horizon_days') }}
        ) - 1 as counted_until,
        back_days - {{ var('churn_horizon_days') }} as reactivated_from,
        back_days
    from measured

)

select
    counted_from,
    counted_until,
    reactivated_from,
    back_days,
    count(*) as piece_count
from pieces
group by counted_from, counted_until, reactivated_from, back_days
