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
    results.best_difference as difference,
    results.low_best_difference as low_difference,
    results.high_best_difference as high_difference,
    case when results.is_complete then results.corrected_p_value end as p_value,
    results.verdict_en,
    results.verdict_zh
from marts.experiment_results as results
inner join marts.campaigns as campaigns on results.experiment_id = campaigns.campaign_id
where results.segment_type = 'all' and results.is_valid
    and results.is_main_observation
    and results.verdict not in ('reference', 'too_few')
order by campaigns.campaign_name, results.experiment_id, results.arm, results.metric
