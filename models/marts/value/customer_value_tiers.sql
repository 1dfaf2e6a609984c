-- The tiers of the latest day (int_value_tiers).
select
    customer_id,
    as_of_date,

    tier,
    tier_name_en,
    tier_name_zh,

    spend_amount,
    spend_rank,
    customer_share,
    spend_share
from {{ ref('int_value_tiers') }}
where is_latest
