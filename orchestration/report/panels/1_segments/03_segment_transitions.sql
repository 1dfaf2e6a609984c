-- Of the latest whole month: a day of analysis within a month would show the moves of a few days.
select
    from_segment_code,
    to_segment_code,
    coalesce(from_segment_name_en, from_segment_code) as from_segment_en,
    coalesce(from_segment_name_zh, from_segment_code) as from_segment_zh,
    coalesce(to_segment_name_en, to_segment_code) as to_segment_en,
    coalesce(to_segment_name_zh, to_segment_code) as to_segment_zh,
    customer_count as customers,
    customer_count / sum(customer_count) over (partition by from_segment_code) as segment_share
from marts.rfm_segment_transitions
where from_segment_code is not null
    and to_segment_code is not null
    and as_of_date = (
        select max(as_of_date) from marts.rfm_segment_transitions where day(as_of_date) = 1
    )
order by from_segment_code desc, to_segment_code desc
