-- The number behind each sign of leaving, and whether it lies beyond the threshold of the seed. Only
-- those who have bought can leave. What can't be known gives no number, and does not fire. Of tickets it is the oldest that counts.
with open_tickets as (

    select
        account_customers.customer_id,
        min(interactions.occurred_on) as opened_on
    from {{ accepted('interactions') }} as interactions
    inner join {{ ref('int_account_customers') }} as account_customers
        on interactions.account_id = account_customers.account_id
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and interactions.occurred_on < latest.as_of_date
    where interactions.interaction_type = 'ticket'
        and (interactions.resolved_on is null or interactions.resolved_on >= latest.as_of_date)
    group by account_customers.customer_id

),

buyers as (

    select
        trends.*,
        {{ days_between('open_tickets.opened_on', 'trends.as_of_date') }} as open_days,
        browsing.browsing_trend,
        {{ days_between('customers.membership_expires_on', 'trends.as_of_date') }}
            as days_since_expiry
    from {{ ref('int_customer_trends') }} as trends
    inner join {{ ref('int_customers') }} as customers on trends.customer_id = customers.customer_id
    left join open_tickets on trends.customer_id = open_tickets.customer_id
    left join {{ ref('int_browsing_trends') }} as browsing on trends.customer_id = browsing.customer_id
    where trends.is_latest
        and trends.purchase_count > 0

),

measured as (

    select customer_id, 'beyond_threshold' as signal, days_since_last / lost_after_days as signal_value
    from buyers
    union all
    select customer_id, 'overdue', days_since_last / nullif(usual_gap_days, 0)
    from buyers
    union all
    select customer_id, 'frequency_falling', -frequency_trend
    from buyers
    union all
    select customer_id, 'amount_falling', -amount_trend
    from buyers
    union all
    select customer_id, 'browsing_falling', -browsing_trend
    from buyers
    union all
    select customer_id, 'ticket_unresolved', cast(open_days as double)
    from buyers
    union all
    select customer_id, 'membership_expired', cast(days_since_expiry as double)
    from buyers

)

select
    measured.customer_id,
    measured.signal,
    measured.signal_value,
    thresholds.threshold,
    coalesce(measured.signal_value > thresholds.threshold, false) as is_fired,
    {{ say_number('thresholds.reason_en', 'measured.signal_value') }} as reason_en,
    {{ say_number('thresholds.reason_zh', 'measured.signal_value') }} as reason_zh
from measured
inner join {{ ref('churn_signals') }} as thresholds on measured.signal = thresholds.signal
