-- What every arm of an experiment did beside its control, and whether it may be believed. A verdict on what is not over asks the
-- interval that holds at any look; one on what is over, the corrected chance. Where the draw went wrong nobody wins.
{%- set alpha = var('experiment_alpha') %}

with judged as (

    select
        corrections.*,
        corrections.n + case when corrections.observation = 'campaign' then 0 else corrections.waiting_n end as arm_n,
        draws.sample_ratio_p,
        draws.crossing_count,
        draws.main_observation,
        coalesce(draws.sample_ratio_p >= {{ var('sample_ratio_alpha') }}, false) as is_valid,
        metrics.metric_name_en,
        metrics.metric_name_zh,
        case when metrics.is_higher_better then best_difference > 0 else best_difference < 0 end as is_good,
        case
            when corrections.arm = '{{ var("experiment_control_arm") }}' then 'reference'
            when not draws.has_control then 'no_control'
            when draws.sample_ratio_p < {{ var('sample_ratio_alpha') }} or draws.sample_ratio_p is null then 'invalid'
            when best_p is null then 'too_few'
            when is_over and corrected_p < {{ alpha }} then ''
            when is_over then 'no_difference'
            when low_at_any_look > 0 or high_at_any_look < 0 then 'early_'
            else 'running'
        end as finding
    from {{ ref('int_experiment_corrections') }} as corrections
    inner join {{ ref('int_experiment_draws') }} as draws on corrections.experiment_id = draws.experiment_id
    inner join {{ ref('experiment_metrics') }} as metrics on corrections.metric = metrics.metric

),

concluded as (

    select
        judged.*,
        case when finding in ('', 'early_') then finding || case when is_good then 'better' else 'worse' end else finding end
            as verdict
    from judged

)

select
    concluded.experiment_id,
    concluded.observation,
    concluded.metric,
    concluded.metric_name_en,
    concluded.metric_name_zh,
    concluded.segment_type,
    names.segment_type_name_en,
    names.segment_type_name_zh,
    concluded.segment,
    names.segment_name_en,
    names.segment_name_zh,
    concluded.arm,
    concluded.verdict,
    verdicts.verdict_en,
    verdicts.verdict_zh,
    case
        when concluded.verdict in ('better', 'early_better') then concluded.arm
        when concluded.verdict in ('worse', 'early_worse') then '{{ var("experiment_control_arm") }}'
    end as winner,

    cast(concluded.n as bigint) as member_count,
    concluded.m as arm_mean,
    concluded.deviation as standard_deviation,
    cast(concluded.control_n as bigint) as control_count,
    concluded.control_m as control_mean,
    concluded.difference,
    concluded.low_difference,
    concluded.high_difference,
    concluded.p as p_value,
    concluded.adjusted_difference,
    concluded.low_adjusted_difference,
    concluded.high_adjusted_difference,
    concluded.adjusted_p as adjusted_p_value,
    concluded.variance_saved as variance_saved_share,
    concluded.corrected_p as corrected_p_value,
    concluded.low_at_any_look,
    concluded.high_at_any_look,
    concluded.best_difference,
    {%- for bound in ['low', 'high'] %}
    case
        when not concluded.is_over then concluded.{{ bound }}_at_any_look
        else coalesce(concluded.{{ bound }}_adjusted_difference, concluded.{{ bound }}_difference)
    end as {{ bound }}_best_difference,
    {%- endfor %}
    segments.shrunk_difference,
    segments.shrunk_difference - segments.shrunk_reach as low_shrunk_difference,
    segments.shrunk_difference + segments.shrunk_reach as high_shrunk_difference,
    segments.segments_p as segments_p_value,
    concluded.sample_ratio_p as sample_ratio_p_value,
    concluded.crossing_count,
    cast(contacts.contact_count as bigint) as contact_count,
    contacts.contact_count * contacts.contact_cost as contact_cost_amount,
    concluded.best_difference * concluded.arm_n / contacts.contact_count as revenue_per_contact,

    cast(concluded.arm_n as bigint) as arm_count,
    concluded.waiting_n as waiting_count,
    concluded.observation = concluded.main_observation as is_main_observation,
    concluded.is_over as is_complete,
    concluded.is_valid
from concluded
inner join {{ ref('experiment_verdicts') }} as verdicts on concluded.verdict = verdicts.verdict
left join {{ ref('experiment_segments') }} as names
    on concluded.segment_type = names.segment_type
    and concluded.segment = names.segment
left join {{ ref('int_experiment_segments') }} as segments
    on concluded.experiment_id = segments.experiment_id
    and concluded.observation = segments.observation
    and concluded.metric = segments.metric
    and concluded.segment_type = segments.segment_type
    and concluded.segment = segments.segment
    and concluded.arm = segments.arm
left join {{ ref('int_campaign_contacts') }} as contacts
    on concluded.experiment_id = contacts.campaign_id
    and concluded.arm = contacts.arm
    and concluded.metric = 'revenue'
    and concluded.segment_type = 'all'
