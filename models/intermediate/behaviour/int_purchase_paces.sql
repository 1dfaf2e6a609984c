-- The purchase days of a customer one after the other, and what all up to each of them say of the pace: their number, the
-- median of the gaps between them, and the latest return from a loss. A loss is an inactivity beyond the calibrated
-- threshold, and far beyond the customer's own rhythm until then, if there was one.
-- A purchase day that is undone, or that comes in late, begins a new chapter of its customer. Within a chapter days only
-- follow one another, so that nothing needs to be asked of each day of analysis.
with cuts as (

    select customer_id, valid_to as closed_on
    from {{ ref('int_transaction_days') }}
    where purchase_count > 0 and valid_to is not null
    union
    select customer_id, valid_from
    from {{ ref('int_transaction_days') }}
    where purchase_count > 0 and is_revised
    union
    select customer_id, cast(null as date)
    from {{ ref('int_transaction_days') }}

),

chapters as (

    select
        customer_id,
        lag(closed_on) over (partition by customer_id order by closed_on nulls last) as opened_on,
        closed_on
    from cuts

),

gaps as (

    select
        days.customer_id,
        chapters.closed_on,
        days.transacted_on,
        greatest(days.valid_from, coalesce(chapters.opened_on, days.valid_from)) as valid_from,
        days.purchase_count,
        days.purchase_amount,
        {{ days_between('lag(days.transacted_on) over pace', 'days.transacted_on') }} as gap_days
    from chapters
    inner join {{ ref('int_transaction_days') }} as days
        on chapters.customer_id = days.customer_id
        and days.purchase_count > 0
        and (days.valid_from < chapters.closed_on or chapters.closed_on is null)
        and (days.valid_to >= chapters.closed_on or days.valid_to is null)
    window pace as (partition by days.customer_id, chapters.closed_on order by days.transacted_on nulls last)

),

paced as (

    select
        gaps.*,
        lead(valid_from) over pace as next_valid_from,
        sum(purchase_count) over pace as purchase_count_so_far,
        count(gap_days) over pace as gap_count,
        {{ running_median('gap_days') }} over pace as median_gap_days
    from gaps
    window pace as (partition by customer_id, closed_on order by transacted_on nulls last)

),

judged as (

    select
        paced.*,
        case when gap_days > threshold.threshold_days then transacted_on end as long_gap_until,
        gap_count <= rules.own_rhythm_min_gaps
            or gap_days > rules.lost_gap_ratio * lag(median_gap_days) over pace as is_out_of_rhythm
    from paced
    cross join {{ ref('int_lifecycle_rules') }} as rules
    cross join {{ ref('int_loss_threshold') }} as threshold
    window pace as (partition by customer_id, closed_on order by transacted_on nulls last)

)

select
    customer_id,
    transacted_on,
    valid_from,
    coalesce(next_valid_from, closed_on) as valid_to,
    closed_on,
    purchase_amount,
    gap_days,
    cast(purchase_count_so_far as bigint) as purchase_count,
    gap_count,
    median_gap_days,
    max(long_gap_until) over pace as long_gap_until,
    max(case when is_out_of_rhythm then long_gap_until end) over pace as returned_on
from judged
window pace as (partition by customer_id, closed_on order by transacted_on nulls last)
