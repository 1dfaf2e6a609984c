-- The number behind each sign of leaving, and whether it lies beyond the threshold of the seed. Only
-- those who have bought can leave. What can't be known gives no number, and does not fire.
with buyers as (

    select
        trends.*,
        tickets.open_days,
        browsing.browsing_trend,
        {{ days_between('customers.membership_expires_on', 'trends.as_of_date') }}
            as days_since_expiry
    from {{ ref('int_customer_trends') }} as trends
    inner join {{ ref('int_customers') }} as customers on trends.customer_id = customers.customer_id
    left join {{ ref('int_open_tickets') }} as tickets on trends.customer_id = tickets.customer_id
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
