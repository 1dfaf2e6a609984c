-- What the purchase days of a customer, as known on a day of analysis, say of the pace.
-- A return is the latest purchase of the last reactivated_days that ended an inactivity which counted as a loss
-- until then.
-- What is counted of the two periods of a trend leaves the first purchase out, but for the days themselves: it lies
-- in one of them whatever the customer does then. Logarithms are added up as decimals, which come to the same in any order.
with placed as (

    select
        paces.customer_id,
        as_of_dates.as_of_date,
        paces.gap_days,
        cast(ln(cast(paces.purchase_amount as double)) as decimal(18,12)) as log_amount,
        {{ days_between('paces.transacted_on', 'as_of_dates.as_of_date') }} <= rules.trend_days as is_recent
    from {{ ref('int_purchase_paces') }} as paces
    cross join {{ ref('int_lifecycle_rules') }} as rules
    inner join {{ ref('int_as_of_dates') }} as as_of_dates
        on paces.valid_from <= as_of_dates.as_of_date
        and coalesce(paces.closed_on, date '9999-12-31') > as_of_dates.as_of_date
        and {{ days_between('paces.transacted_on', 'as_of_dates.as_of_date') }} <= 2 * rules.trend_days

),

trends as (

    select
        customer_id,
        as_of_date,
        count(*) filter (where is_recent) as recent_day_count,
        count(*) filter (where not is_recent) as earlier_day_count,
        count(gap_days) filter (where is_recent) as recent_repeat_count,
        count(gap_days) filter (where not is_recent) as earlier_repeat_count,
        cast(sum(log_amount) filter (where is_recent and gap_days is not null) as double) as recent_log_amount,
        cast(sum(log_amount) filter (where not is_recent and gap_days is not null) as double) as earlier_log_amount,
        cast(sum(cast(power(log_amount, 2) as decimal(18,12))) filter (where gap_days is not null) as double) as squared_log_amount
    from placed
    group by customer_id, as_of_date

)

select
    paces.customer_id,
    as_of_dates.as_of_date,
    paces.transacted_on as last_purchase_on,
    paces.purchase_count,
    paces.gap_count,
    paces.median_gap_days,
    case
        when paces.returned_on = paces.long_gap_until
            and {{ days_between('paces.returned_on', 'as_of_dates.as_of_date') }} <= rules.reactivated_days
            then paces.returned_on
    end as returned_on,
    coalesce(trends.recent_day_count, 0) as recent_day_count,
    coalesce(trends.earlier_day_count, 0) as earlier_day_count,
    coalesce(trends.recent_repeat_count, 0) as recent_repeat_count,
    coalesce(trends.earlier_repeat_count, 0) as earlier_repeat_count,
    trends.earlier_log_amount / nullif(trends.earlier_repeat_count, 0)
        - trends.recent_log_amount / nullif(trends.recent_repeat_count, 0) as log_amount_fall,
    (
        trends.squared_log_amount
        - power(trends.earlier_log_amount, 2) / nullif(trends.earlier_repeat_count, 0)
        - power(trends.recent_log_amount, 2) / nullif(trends.recent_repeat_count, 0)
    )
    * cast(trends.earlier_repeat_count + trends.recent_repeat_count as double)
    / nullif(trends.earlier_repeat_count * trends.recent_repeat_count, 0) as log_amount_spread
from {{ ref('int_purchase_paces') }} as paces
inner join {{ ref('int_as_of_dates') }} as as_of_dates
    on paces.valid_from <= as_of_dates.as_of_date
    and coalesce(paces.valid_to, date '9999-12-31') > as_of_dates.as_of_date
cross join {{ ref('int_lifecycle_rules') }} as rules
left join trends
    on paces.customer_id = trends.customer_id
    and as_of_dates.as_of_date = trends.as_of_date
