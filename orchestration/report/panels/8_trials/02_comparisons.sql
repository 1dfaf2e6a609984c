-- What has too few people has no interval, and is left out.
select
    campaigns.campaign_name,
    results.metric_name_en as trial_metric_en,
    results.metric_name_zh as trial_metric_zh,
    results.arm_mean,
    results.control_mean,
    case when results.is_valid then coalesce(results.adjusted_difference, results.difference) end as arm_difference,
    case
        when not results.is_valid then null
        when results.is_complete then coalesce(results.low_adjusted_difference, results.low_difference)
        else results.low_at_any_look
    end as arm_difference_from,
    case
        when not results.is_valid then null
        when results.is_complete then coalesce(results.high_adjusted_difference, results.high_difference)
        else results.high_at_any_look
    end as arm_difference_to,
    results.variance_saved_share,
    case when results.is_complete then results.corrected_p_value end as corrected_p_value,
    results.verdict_en as arm_verdict_en,
    results.verdict_zh as arm_verdict_zh
from marts.experiment_results as results
inner join marts.campaigns as campaigns on results.experiment_id = campaigns.campaign_id
where results.segment_type = 'all'
    and results.observation = case when campaigns.ends_on is null then 'days_30' else 'campaign' end
    and results.verdict not in ('reference', 'too_few')
order by results.experiment_id, results.arm, results.metric
