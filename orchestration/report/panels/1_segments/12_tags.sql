with counted as (
    select
        rule, tag, value, tag_name_en, tag_name_zh, value_name_en, value_name_zh,
        count(*) as customers,
        count(*) filter (where is_single_source) / count(*) as single_source_share,
        row_number() over (partition by rule order by count(*) desc, value) as place
    from marts.customer_tags
    where is_current
    group by rule, tag, value, tag_name_en, tag_name_zh, value_name_en, value_name_zh
)
select
    tag_name_en as tag_en,
    tag_name_zh as tag_zh,
    value_name_en as value_en,
    value_name_zh as value_zh,
    customers,
    customers / (select customer_count from marts.key_figures) as customer_share,
    single_source_share
from counted
where place <= 5
order by max(customers) over (partition by rule) desc, rule, customers desc, value
