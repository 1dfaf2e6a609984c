-- What a campaign brought, if anybody can know: by the arms of its draw, over its own days; until they are over by the intervals that hold
-- at any look. Beside it the naive comparison of before and after, and what such customers do of themselves. A campaign that left
-- nobody out by lot is not measurable, and of a draw that went wrong nothing is told.
{%- set metrics = ['orders', 'buyers', 'revenue', 'average_order_value'] %}

with measured as (

    select
        results.experiment_id,
        results.arm as measured_arm,
        min(case when results.is_complete then 1 else 0 end) = 1 as is_complete,
        max(results.member_count) filter (where results.metric = 'orders') as member_count,
        max(results.arm_count) filter (where results.metric = 'orders') as arm_count,
        max(results.control_count) filter (where results.metric = 'orders') as control_count
        {%- for metric in metrics %},
        max(replace(results.verdict, 'early_', '')) filter (where results.metric = '{{ metric }}') as {{ metric }}_verdict
        {%- for column, source in {
            'difference': 'best_difference', 'low': 'low_best_difference', 'high': 'high_best_difference', 'control': 'control_mean',
        }.items() %},
        max(results.{{ source }}) filter (where results.metric = '{{ metric }}' and results.verdict <> 'invalid') as {{ metric }}_{{ column }}
        {%- endfor %}
        {%- endfor %}
    from {{ ref('experiment_results') }} as results
    where results.segment_type = 'all'
        and results.arm <> '{{ var("experiment_control_arm") }}'
        and results.is_main_observation
    group by results.experiment_id, results.arm

),

addressed as (

    select
        campaigns.campaign_id,
        campaigns.campaign_name,
        campaigns.channel,
        campaigns.assignment,
        coalesce(measured.measured_arm, 'none') as arm,
        {%- for column in ['contacted_count', 'contact_count', 'contact_cost', 'cost_known_from'] %}
        contacts.{{ column }},
        {%- endfor %}
        contacts.contact_cost * (
            1 - coalesce(cast(contacts.control_contact_count as double) / measured.control_count * measured.member_count / contacts.contact_count, 0)
        ) as additional_cost,
        {%- for bound, prefix in [('difference', ''), ('low', 'low_'), ('high', 'high_')] %}
        measured.arm_count * measured.revenue_{{ bound }} / contacts.contact_count as {{ prefix }}revenue_per_contact,
        {%- endfor %}
        measured.*
    from {{ ref('campaigns') }} as campaigns
    left join measured on campaigns.campaign_id = measured.experiment_id
    left join {{ ref('int_campaign_contacts') }} as contacts
        on campaigns.campaign_id = contacts.campaign_id
        and coalesce(measured.measured_arm, 'none') = contacts.arm

),

judged as (

    select
        addressed.*,
        case
            when orders_verdict is null and draws.has_control then 'running'
            when orders_verdict is null or orders_verdict = 'no_control' then 'not_measurable'
            when orders_verdict in ('invalid', 'too_few') then orders_verdict
            when 'worse' in (orders_verdict, buyers_verdict) then 'sleeping_dogs'
            when 'better' in (orders_verdict, buyers_verdict) and revenue_verdict <> 'better' and (
                average_order_value_verdict = 'worse' or revenue_high < orders_difference * average_order_value_control
            ) then 'orders_without_revenue'
            when revenue_verdict = 'better' and low_revenue_per_contact * {{ var('margin_share') }} > additional_cost then 'pays'
            when revenue_verdict = 'worse' or (additional_cost > 0 and high_revenue_per_contact * {{ var('margin_share') }} < additional_cost)
                then 'costs_more'
            when 'better' in (orders_verdict, buyers_verdict, revenue_verdict) then 'works'
            when not is_complete then 'running'
            else 'no_effect'
        end as verdict
    from addressed
    left join {{ ref('int_experiment_draws') }} as draws on addressed.campaign_id = draws.experiment_id

)

select
    judged.campaign_id,
    judged.campaign_name,
    judged.channel,
    judged.assignment,
    judged.arm,
    judged.verdict,
    verdicts.verdict_en,
    verdicts.verdict_zh,

    cast(coalesce(judged.contacted_count, 0) as bigint) as contacted_count,
    cast(coalesce(judged.contact_count, 0) as bigint) as contact_count,
    judged.contact_count * judged.contact_cost as contact_cost_amount,
    judged.cost_known_from,
    cast(judged.member_count as bigint) as member_count,
    cast(judged.arm_count as bigint) as arm_count,
    {%- for metric in ['orders', 'revenue'] %}
    judged.{{ metric }}_difference,
    judged.{{ metric }}_low as low_{{ metric }}_difference,
    judged.{{ metric }}_high as high_{{ metric }}_difference,
    {%- endfor %}
    judged.revenue_per_contact,
    judged.low_revenue_per_contact,
    judged.high_revenue_per_contact,
    changes.before_orders as naive_before_orders,
    changes.after_orders as naive_after_orders,
    changes.after_orders - changes.before_orders as naive_orders_change,
    changes.usual_orders_change,
    changes.after_revenue - changes.before_revenue as naive_revenue_change,
    changes.usual_revenue_change,

    judged.verdict not in ('not_measurable', 'invalid') as is_measurable
from judged
inner join {{ ref('campaign_verdicts') }} as verdicts on judged.verdict = verdicts.verdict
left join {{ ref('int_campaign_changes') }} as changes
    on judged.campaign_id = changes.campaign_id
    and judged.arm = changes.arm
