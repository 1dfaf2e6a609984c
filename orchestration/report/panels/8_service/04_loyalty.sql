-- The last month that is over, tier by tier.
select
    coalesce(tier_name_en, case when membership_tier = 'all' then 'All' else membership_tier end) as tier_en,
    coalesce(tier_name_zh, case when membership_tier = 'all' then '合计' else membership_tier end) as tier_zh,
    closing_count as members,
    active_share,
    joined_count + risen_into_count + fallen_into_count as came,
    risen_out_of_count + fallen_out_of_count as went,
    about_to_rise_count as about_to_rise,
    about_to_fall_count as about_to_fall,
    earned_points,
    burned_points,
    expired_points,
    liability_points,
    liability_amount,
    expiring_points,
    breakage_share
from marts.loyalty_programme
where is_complete
qualify calendar_month = max(calendar_month) over ()
order by membership_tier = 'all', liability_points desc, membership_tier
