-- How customers moved between segments from one month end to the next. Who had not bought by the
-- day before comes from nowhere (null); whose purchases were all cancelled or refunded since goes
-- nowhere.
with days as (

    select
        as_of_date as opening_date,
        lead(as_of_date) over (order by as_of_date nulls last) as as_of_date
    from {{ ref('int_as_of_dates') }}

),

openings as (

    select
        days.as_of_date,
        rfm.customer_id,
        rfm.segment_code,
        rfm.spend_amount
    from {{ ref('customer_rfm') }} as rfm
    inner join days on rfm.as_of_date = days.opening_date
    where days.as_of_date is not null

),

moves as (

    select
        coalesce(rfm.as_of_date, openings.as_of_date) as as_of_date,
        openings.segment_code as from_segment_code,
        rfm.segment_code as to_segment_code,
        count(*) as customer_count,
        cast(coalesce(sum(openings.spend_amount), 0) as decimal(18,2)) as opening_amount,
        cast(coalesce(sum(rfm.spend_amount), 0) as decimal(18,2)) as closing_amount
    from {{ ref('customer_rfm') }} as rfm
    full join openings
        on rfm.customer_id = openings.customer_id
        and rfm.as_of_date = openings.as_of_date
    group by
        coalesce(rfm.as_of_date, openings.as_of_date),
        openings.segment_code,
        rfm.segment_code

)

select
    moves.as_of_date,
    moves.from_segment_code,
    moves.to_segment_code,

    openings.segment_name_en as from_segment_name_en,
    openings.segment_name_zh as from_segment_name_zh,
    closings.segment_name_en as to_segment_name_en,
    closings.segment_name_zh as to_segment_name_zh,

    moves.customer_count,
    moves.opening_amount,
    moves.closing_amount
from moves
left join {{ ref('rfm_segments') }} as openings on moves.from_segment_code = openings.segment_code
left join {{ ref('rfm_segments') }} as closings on moves.to_segment_code = closings.segment_code
