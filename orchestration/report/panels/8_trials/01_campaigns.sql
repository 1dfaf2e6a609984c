-- Broadcasts go to everybody who subscribes, for years: there is no before, and nobody was left out. Of several arms each is named.
select
    campaign_name || if(arm in ('treatment', 'none'), '', ' · ' || arm) as campaign_name,
    channel,
    verdict_en as campaign_verdict_en,
    verdict_zh as campaign_verdict_zh,
    contacted_count as contacted_people,
    orders_difference as orders_brought,
    low_orders_difference as orders_brought_from,
    high_orders_difference as orders_brought_to,
    revenue_per_contact,
    contact_cost_amount / nullif(contact_count, 0) as cost_per_contact,
    naive_orders_change as before_and_after,
    usual_orders_change as of_themselves
from marts.campaign_results
where assignment is distinct from 'broadcast'
order by is_measurable desc, campaign_id, arm
