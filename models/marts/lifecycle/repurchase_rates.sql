-- Two rates that both go by the name of repurchase rate:
--   repeat_within_period  of a month's buyers, those who bought on two days or more in it
--   returning_share       of a month's buyers, those who had bought in an earlier month
-- and how soon its new buyers came back. What is not over yet says nothing: the rates of a month in
-- progress, and windows that have not ended for its last day, are null. A month in which nobody bought is there,
-- with counts of zero; shares of nobody are null.
{%- set windows = var('repurchase_windows_days') %}

with buyers as (

    select
        purchases.transacted_month as ordered_month,
        purchases.customer_id,
        count(distinct purchases.transacted_on) as purchase_day_count,
        max(beginnings.cohort_month) as cohort_month,
        max({{ days_between('beginnings.first_purchase_on', 'beginnings.second_purchase_on') }}) as days_to_second
    from {{ ref('int_latest_transactions') }} as purchases
    inner join {{ ref('int_first_purchases') }} as beginnings
        on purchases.customer_id = beginnings.customer_id
    where purchases.is_purchase
    group by purchases.transacted_month, purchases.customer_id

),

counted as (

    select
        months.calendar_month as ordered_month,
        months.days_since_month,
        count(buyers.customer_id) as buyer_count,
        count(*) filter (where buyers.purchase_day_count >= 2) as repeat_buyer_count,
        count(*) filter (where buyers.cohort_month < months.calendar_month) as returning_buyer_count,
        count(*) filter (where buyers.cohort_month = months.calendar_month) as new_buyer_count,
        {%- for days in windows %}
        count(*) filter (where buyers.cohort_month = months.calendar_month and buyers.days_to_second <= {{ days }})
            as second_within_{{ days }}_days_count,
        {%- endfor %}
        percentile_cont(0.5) within group (order by buyers.days_to_second)
            filter (where buyers.cohort_month = months.calendar_month and buyers.days_to_second <= {{ windows | max }})
            as median_days_to_second
    from {{ ref('int_months') }} as months
    left join buyers on months.calendar_month = buyers.ordered_month
    group by months.calendar_month, months.days_since_month

)

select
    ordered_month,

    case when days_since_month >= 0 then cast(repeat_buyer_count as double) / nullif(buyer_count, 0) end
        as repeat_within_period,
    case when days_since_month >= 0 then cast(returning_buyer_count as double) / nullif(buyer_count, 0) end
        as returning_share,

    buyer_count,
    repeat_buyer_count,
    returning_buyer_count,
    new_buyer_count,
    {%- for days in windows %}
    case
        when days_since_month >= {{ days }}
            then cast(second_within_{{ days }}_days_count as double) / nullif(new_buyer_count, 0)
    end as second_within_{{ days }}_days_share,
    {%- endfor %}
    case when days_since_month >= {{ windows | max }} then median_days_to_second end as median_days_to_second,

    days_since_month >= 0 as is_complete
from counted
