select
    metric,
    industry_name_en as industry_en,
    industry_name_zh as industry_zh,
    segment_name_en as benchmark_segment_en,
    segment_name_zh as benchmark_segment_zh,
    strftime(calendar_month, '%Y-%m') as month,
    our_value,
    low_our_value,
    high_our_value,
    low_value,
    high_value,
    coalesce(place, 'unknown') as position,
    is_within_tolerance,
    is_sure,
    source_en,
    source_zh
from marts.benchmark_gaps
qualify calendar_month = max(calendar_month) over ()
order by metric, industry, segment
