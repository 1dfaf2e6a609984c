-- Broadcasts go to everybody who subscribes, for years: there is no before, and nobody was left out. Of several arms each is named.
select
    campaign_name || if(arm in ('treatment', 'none'), '', ' · ' || arm) as campaign,
    channel,
    verdict_en,
    verdict_zh,
    contacted_count as contacted,
    contact_count as contacts,
    contact_cost_amount as cost_amount,
    orders_difference,
    low_orders_difference,
    high_orders_difference,
    revenue_per_contact,
    low_revenue_per_contact,
    high_revenue_per_contact,
    naive_orders_change,
    usual_orders_change
from marts.campaign_results
where assignment is distinct from 'broadcast'
order by is_measurable desc, campaign_id, arm
