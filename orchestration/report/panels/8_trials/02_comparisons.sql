-- What has too few people has no interval, and is left out.
select
    campaigns.campaign_name || if(results.arm in ('treatment', 'none'), '', ' · ' || results.arm) as campaign_name,
    results.metric_name_en as trial_metric_en,
    results.metric_name_zh as trial_metric_zh,
    results.arm_mean,
    results.control_mean,
    case when results.is_valid then results.best_difference end as arm_difference,
    case when results.is_valid then results.low_best_difference end as arm_difference_from,
    case when results.is_valid then results.high_best_difference end as arm_difference_to,
    results.variance_saved_share,
    case when results.is_complete then results.corrected_p_value end as corrected_p_value,
    results.verdict_en as arm_verdict_en,
    results.verdict_zh as arm_verdict_zh
from marts.experiment_results as results
inner join marts.campaigns as campaigns on results.experiment_id = campaigns.campaign_id
where results.segment_type = 'all'
    and results.is_main_observation
    and results.verdict not in ('reference', 'too_few')
order by results.experiment_id, results.arm, results.metric
