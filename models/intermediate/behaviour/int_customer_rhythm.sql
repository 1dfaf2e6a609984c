-- What the purchase days of a customer, as known on a day of analysis, say of the pace.
-- A return is the latest purchase of the last reactivated_days that ended an inactivity which counted as a loss
-- until then: beyond the calibrated threshold, and far beyond the customer's own rhythm, if there was one.
-- What is counted of the two periods of a trend leaves the first purchase out, but for the days themselves: it lies
-- in one of them whatever the customer does then.
with purchase_days as (

    select
        customer_id,
        as_of_date,
        transacted_on,
        ln(cast(sum(net_amount) as double)) as log_amount
    from {{ ref('int_transactions_as_of') }}
    where is_purchase
    group by customer_id, as_of_date, transacted_on

),

gaps as (

    select
        purchase_days.*,
        {{ days_between('transacted_on', 'as_of_date') }} as age_days,
        {{ days_between('lag(transacted_on) over pace', 'transacted_on') }} as gap_days
    from purchase_days
    window pace as (partition by customer_id, as_of_date order by transacted_on nulls last)

),

placed as (

    select
        gaps.*,
        gaps.age_days <= rules.trend_days as is_recent,
        gaps.age_days > rules.trend_days and gaps.age_days <= 2 * rules.trend_days as is_earlier,
        max(
            case when gaps.gap_days > thresholds.threshold_days and gaps.age_days <= rules.reactivated_days then gaps.transacted_on end
        ) over (partition by gaps.customer_id, gaps.as_of_date) as long_gap_until
    from gaps
    cross join {{ ref('int_lifecycle_rules') }} as rules
    inner join {{ ref('int_inactivity_thresholds') }} as thresholds on thresholds.chosen_by is not null

),

summed as (

    select
        customer_id,
        as_of_date,
        count(gap_days) as gap_count,
        percentile_cont(0.5) within group (order by gap_days) as median_gap_days,
        max(long_gap_until) as long_gap_until,
        max(gap_days) filter (where transacted_on = long_gap_until) as long_gap_days,
        count(gap_days) filter (where transacted_on < long_gap_until) as former_gap_count,
        percentile_cont(0.5) within group (order by gap_days) filter (where transacted_on < long_gap_until)
            as former_median_gap_days,
        count(*) filter (where is_recent) as recent_day_count,
        count(*) filter (where is_earlier) as earlier_day_count,
        count(gap_days) filter (where is_recent) as recent_repeat_count,
        count(gap_days) filter (where is_earlier) as earlier_repeat_count,
        sum(log_amount) filter (where is_recent and gap_days is not null) as recent_log_amount,
        sum(log_amount) filter (where is_earlier and gap_days is not null) as earlier_log_amount,
        sum(power(log_amount, 2)) filter (where (is_recent or is_earlier) and gap_days is not null) as squared_log_amount
    from placed
    group by customer_id, as_of_date

)

select
    summed.customer_id,
    summed.as_of_date,
    summed.gap_count,
    summed.median_gap_days,
    case
        when summed.former_gap_count < rules.own_rhythm_min_gaps
            or summed.long_gap_days > rules.lost_gap_ratio * summed.former_median_gap_days
            then summed.long_gap_until
    end as returned_on,
    summed.recent_day_count,
    summed.earlier_day_count,
    summed.recent_repeat_count,
    summed.earlier_repeat_count,
    summed.earlier_log_amount / nullif(summed.earlier_repeat_count, 0)
        - summed.recent_log_amount / nullif(summed.recent_repeat_count, 0) as log_amount_fall,
    (
        summed.squared_log_amount
        - power(summed.earlier_log_amount, 2) / nullif(summed.earlier_repeat_count, 0)
        - power(summed.recent_log_amount, 2) / nullif(summed.recent_repeat_count, 0)
    )
    * cast(summed.earlier_repeat_count + summed.recent_repeat_count as double)
    / nullif(summed.earlier_repeat_count * summed.recent_repeat_count, 0) as log_amount_spread
from summed
cross join {{ ref('int_lifecycle_rules') }} as rules
