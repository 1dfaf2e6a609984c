select
    campaigns.campaign_name || if(results.arm in ('treatment', 'none'), '', ' · ' || results.arm) as campaign_name,
    results.segment as trial_segment,
    results.member_count + results.control_count as trial_people,
    results.difference as found_orders,
    results.shrunk_difference as likely_orders,
    case when results.is_complete then results.low_shrunk_difference end as likely_orders_from,
    case when results.is_complete then results.high_shrunk_difference end as likely_orders_to,
    case when results.is_complete then results.segments_p_value end as segments_p_value
from marts.experiment_results as results
inner join marts.campaigns as campaigns on results.experiment_id = campaigns.campaign_id
where results.segment_type = 'cause'
    and results.is_main_observation
    and results.metric = 'orders'
    and results.segment <> 'not_lapsed'
    and results.is_valid
    and results.shrunk_difference is not null
order by results.experiment_id, results.arm, results.shrunk_difference desc, results.segment
