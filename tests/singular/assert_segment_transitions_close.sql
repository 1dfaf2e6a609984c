-- What: of each segment, on each day of analysis, who was in it + who came − who left = who is in it,
-- in customers, and what they had spent with it in money.
-- Why: a chart of moves that loses customers on the way shows moves that never were.
-- Returns the days and segments for which it is not so.
with days as (

    select
        as_of_date,
        lead(as_of_date) over (order by as_of_date nulls last) as next_date
    from {{ ref('int_as_of_dates') }}

),

entries as (

    -- Who stands in a segment by customer_rfm: as the closing of the day, and the opening of the next.
    select
        as_of_date,
        segment_code,
        0 as opened,
        1 as closed,
        0 as opened_amount,
        spend_amount as closed_amount
    from {{ ref('customer_rfm') }}
    union all
    select days.next_date, rfm.segment_code, 1, 0, rfm.spend_amount, 0
    from {{ ref('customer_rfm') }} as rfm
    inner join days on rfm.as_of_date = days.as_of_date
    where days.next_date is not null
    -- Moves come off the opening of the segment that they leave, and the closing of the one that
    -- they reach.
    union all
    select as_of_date, from_segment_code, -customer_count, 0, -opening_amount, 0
    from {{ ref('rfm_segment_transitions') }}
    where from_segment_code is not null
    union all
    select as_of_date, to_segment_code, 0, -customer_count, 0, -closing_amount
    from {{ ref('rfm_segment_transitions') }}
    where to_segment_code is not null

)

select as_of_date, segment_code
from entries
group by as_of_date, segment_code
having sum(opened) <> 0 or sum(closed) <> 0 or sum(opened_amount) <> 0 or sum(closed_amount) <> 0
