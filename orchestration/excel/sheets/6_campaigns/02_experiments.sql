-- What has too few people has no interval, and is left out.
select
    campaigns.campaign_name as campaign,
    results.arm,
    results.metric_name_en as metric_en,
    results.metric_name_zh as metric_zh,
    results.member_count as members,
    results.control_count as controls,
    results.arm_mean,
    results.control_mean,
    case when results.is_complete then results.low_difference else results.low_at_any_look end as low_difference,
    case when results.is_complete then results.high_difference else results.high_at_any_look end as high_difference,
    case when results.is_complete then results.corrected_p_value end as p_value,
    results.verdict_en,
    results.verdict_zh
from marts.experiment_results as results
inner join marts.campaigns as campaigns on results.experiment_id = campaigns.campaign_id
where results.segment_type = 'all' and results.is_valid
    and results.observation = case when campaigns.ends_on is null then 'days_30' else 'campaign' end
    and results.verdict not in ('reference', 'too_few')
order by campaigns.campaign_name, results.experiment_id, results.arm, results.metric
