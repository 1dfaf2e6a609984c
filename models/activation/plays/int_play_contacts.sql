-- Through which channel each candidate is reached, and when: of those that are allowed the one to which they respond best, then that
-- of the playbook, then the cheapest. Where none is allowed, why not.
with reachable as (

    select
        members.customer_id,
        members.play,
        coalesce(limits.channel, playbook.channel) as channel,
        case when limits.customer_id is null then 'never_asked' else limits.refusal end as refusal,
        row_number() over (
            partition by members.customer_id, members.play
            order by
                case when limits.customer_id is not null and limits.refusal is null then 1 else 2 end nulls last,
                case when limits.channel = best.best_channel then 1 else 2 end nulls last,
                case when limits.channel = playbook.channel then 1 else 2 end nulls last,
                channels.contact_cost_amount nulls last,
                limits.channel nulls last
        ) as choice
    from {{ ref('int_play_members') }} as members
    inner join {{ ref('churn_playbook') }} as playbook
        on members.play = playbook.play
        and members.cause = playbook.cause
        and playbook.retail_type = {{ retail_type() }}
    left join {{ ref('int_contact_limits') }} as limits
        on members.customer_id = limits.customer_id
        and limits.purpose = 'marketing'
    left join {{ ref('contact_channels') }} as channels on limits.channel = channels.channel
    left join {{ ref('int_best_channels') }} as best on members.customer_id = best.customer_id

)

select
    reachable.customer_id,
    reachable.play,
    reachable.channel,
    channels.channel_name_en,
    channels.channel_name_zh,
    cast(coalesce(channels.contact_cost_amount, 0) as double) as contact_cost_amount,
    times.best_hour,
    times.best_weekday,
    reachable.refusal,
    refusals.refusal_name_en,
    refusals.refusal_name_zh
from reachable
left join {{ ref('contact_channels') }} as channels on reachable.channel = channels.channel
left join {{ ref('int_contact_times') }} as times
    on reachable.customer_id = times.customer_id
    and reachable.channel = times.channel
left join {{ ref('contact_refusals') }} as refusals on reachable.refusal = refusals.refusal
where reachable.choice = 1
