-- The last month that is over: from where to where, in customers. A day of analysis within a month would show the moves of a few days.
select
    from_segment_code as segment_code,
    max(from_segment_name_en) as segment_en,
    max(from_segment_name_zh) as segment_zh,
    coalesce(sum(customer_count) filter (where to_segment_code = '111'), 0) as to_111,
    coalesce(sum(customer_count) filter (where to_segment_code = '110'), 0) as to_110,
    coalesce(sum(customer_count) filter (where to_segment_code = '101'), 0) as to_101,
    coalesce(sum(customer_count) filter (where to_segment_code = '100'), 0) as to_100,
    coalesce(sum(customer_count) filter (where to_segment_code = '011'), 0) as to_011,
    coalesce(sum(customer_count) filter (where to_segment_code = '010'), 0) as to_010,
    coalesce(sum(customer_count) filter (where to_segment_code = '001'), 0) as to_001,
    coalesce(sum(customer_count) filter (where to_segment_code = '000'), 0) as to_000
from marts.rfm_segment_transitions
where as_of_date = (select max(as_of_date) from marts.rfm_segment_transitions where day(as_of_date) = 1)
group by from_segment_code
order by from_segment_code desc
