select
    segment_code,
    coalesce(max(segment_name_en), segment_code) as segment_en,
    coalesce(max(segment_name_zh), segment_code) as segment_zh,
    count(*) as customers,
    count(*) / sum(count(*)) over () as customer_share,
    coalesce(sum(spend_amount), 0)::double as amount,
    coalesce(amount / nullif(sum(amount) over (), 0), 0) as amount_share
from marts.customer_rfm
where is_latest and segment_code is not null
group by segment_code
order by amount desc, segment_code
