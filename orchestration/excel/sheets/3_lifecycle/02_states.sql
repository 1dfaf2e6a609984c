select
    state_name_en as state_en,
    state_name_zh as state_zh,
    stage_name_en as stage_en,
    stage_name_zh as stage_zh,
    count(*) as customers,
    sum(purchase_count) as purchases
from marts.customer_lifecycle
where is_latest
group by all
order by list_position(['new', 'active', 'reactivated', 'dormant', 'lost', 'prospect'], any_value(state)), customers desc
