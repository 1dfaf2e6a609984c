-- Campaigns that ended within the last four weeks, or go on; of several arms each is named.
select
    results.campaign_name || if(results.arm in ('treatment', 'none'), '', ' · ' || results.arm) as campaign_name,
    results.verdict_en,
    results.verdict_zh,
    results.member_count,
    results.revenue_difference,
    results.low_revenue_difference,
    results.high_revenue_difference,
    campaigns.ends_on
from marts.campaign_results as results
inner join marts.campaigns as campaigns on results.campaign_id = campaigns.campaign_id
cross join marts.publication as publication
where campaigns.starts_on < publication.as_of_date
    and coalesce(campaigns.ends_on, publication.as_of_date) >= publication.as_of_date - 28
order by campaigns.ends_on desc, results.campaign_id, results.arm
