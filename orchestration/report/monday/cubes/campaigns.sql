-- What campaigns did beside those who were left alone by lot, the latest first.
select
    results.campaign_id,
    coalesce(results.campaign_name, results.campaign_id) as name,
    results.channel,
    results.arm,
    results.verdict,
    results.verdict_en,
    results.verdict_zh,
    results.is_measurable,
    campaigns.starts_on,
    campaigns.ends_on,
    results.contacted_count as people,
    results.member_count,
    results.contact_cost_amount as cost_amount,
    results.orders_difference,
    results.low_orders_difference,
    results.high_orders_difference,
    results.revenue_difference,
    results.low_revenue_difference,
    results.high_revenue_difference,
    results.revenue_per_contact,
    results.low_revenue_per_contact,
    results.high_revenue_per_contact,
    results.naive_orders_change,
    results.usual_orders_change
from marts.campaign_results as results
left join marts.campaigns as campaigns on results.campaign_id = campaigns.campaign_id
order by campaigns.starts_on desc nulls last, results.campaign_id, results.arm
limit 40
