-- The number behind each sign of leaving, and whether it lies beyond the threshold of the seed. Only
-- those who have bought can leave.
with trends as (

    select * from {{ ref('int_customer_trends') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

thresholds as (

    select * from {{ ref('churn_signals') }}

),

buyers as (

    select
        trends.*,
        {{ days_between('customers.membership_expires_on', 'trends.as_of_date') }}
            as days_since_expiry
    from trends
    inner join customers on trends.customer_id = customers.customer_id
    where trends.is_latest
        and trends.purchase_count > 0

),

measured as (

    select customer_id, 'beyond_window' as signal, days_since_last / lost_after_days as signal_value
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
    select customer_id, 'membership_expired', cast(days_since_expiry as double)
    from buyers

),

judged as (

    select
        measured.customer_id,
        measured.signal,
        measured.signal_value,
        coalesce(measured.signal_value > thresholds.threshold, false) as is_fired,
        case
            when measured.signal_value > thresholds.threshold then thresholds.points else 0
        end as points,
        {{ say_number('thresholds.reason_en', 'measured.signal_value') }} as reason_en,
        {{ say_number('thresholds.reason_zh', 'measured.signal_value') }} as reason_zh
    from measured
    inner join thresholds on measured.signal = thresholds.signal

)

select * from judged
