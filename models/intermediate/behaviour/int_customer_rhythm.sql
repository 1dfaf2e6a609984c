-- The usual gap between a customer's purchase days is the median of their own gaps; with too few of
-- them it is the median of everybody's.
with purchase_days as (

    select distinct
        customer_id,
        as_of_date,
        transacted_on as ordered_on
    from {{ ref('int_transactions_as_of') }}
    where is_purchase

),

gaps as (

    select
        customer_id,
        as_of_date,
        ordered_on,
        {{ days_between(
            'lag(ordered_on) over (partition by customer_id, as_of_date order by ordered_on nulls last)',
            'ordered_on'
        ) }} as gap_days
    from purchase_days

),

own as (

    select
        customer_id,
        as_of_date,
        count(gap_days) as gap_count,
        percentile_cont(0.5) within group (order by gap_days) as median_gap_days,
        max_by(gap_days, ordered_on) filter (where gap_days is not null) as last_gap_days
    from gaps
    group by customer_id, as_of_date

),

everybody as (

    select
        as_of_date,
        percentile_cont(0.5) within group (order by gap_days) as median_gap_days
    from gaps
    where gap_days is not null
    group by as_of_date

)

select
    activity.customer_id,
    activity.as_of_date,
    coalesce(own.gap_count >= rules.own_rhythm_min_gaps, false) as has_own_rhythm,
    own.last_gap_days,
    case
        when own.gap_count >= rules.own_rhythm_min_gaps then own.median_gap_days
        else coalesce(everybody.median_gap_days, rules.fallback_gap_days)
    end as usual_gap_days
from {{ ref('int_customer_activity') }} as activity
cross join {{ ref('int_lifecycle_rules') }} as rules
left join own
    on activity.customer_id = own.customer_id
    and activity.as_of_date = own.as_of_date
left join everybody on activity.as_of_date = everybody.as_of_date
