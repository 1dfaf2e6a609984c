-- How often each arm of a campaign was written to, called or pushed, and what that cost: what the campaign is said to have cost; else
-- what was spent on its channel in its days, shared by all contacts on it; else what a contact costs by contact_costs.
with sent as (

    select
        messages.campaign_id,
        messages.customer_id,
        messages.channel,
        messages.occurred_on
    from {{ ref('int_messages') }} as messages
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and messages.occurred_on < latest.as_of_date
    where messages.touch_type = 'sent'

),

spent as (

    select channel, spent_on as happened_on, spend_amount, 0 as contact_count
    from {{ accepted('channel_spend') }} as spend
    union all
    select channel, occurred_on, null, count(*)
    from sent
    group by channel, occurred_on

),

channel_costs as (

    select
        campaigns.campaign_id,
        cast(sum(spent.spend_amount) as double) / nullif(sum(spent.contact_count), 0) as contact_cost
    from {{ accepted('campaigns') }} as campaigns
    inner join spent
        on campaigns.channel = spent.channel
        and spent.happened_on >= campaigns.starts_on
        and (spent.happened_on <= campaigns.ends_on or campaigns.ends_on is null)
    group by campaigns.campaign_id

),

counted as (

    select
        sent.campaign_id,
        coalesce(members.arm, 'none') as arm,
        count(*) as contact_count,
        count(distinct sent.customer_id) as contacted_count,
        sum(count(*)) over (partition by sent.campaign_id) as all_contact_count
    from sent
    left join {{ ref('int_experiment_members') }} as members
        on sent.campaign_id = members.experiment_id
        and sent.customer_id = members.customer_id
    group by sent.campaign_id, coalesce(members.arm, 'none')

)

select
    counted.campaign_id,
    counted.arm,
    counted.contact_count,
    counted.contacted_count,
    coalesce(
        cast(campaigns.cost_amount as double) / counted.all_contact_count,
        channel_costs.contact_cost,
        case campaigns.channel
            {%- for channel, cost in var('contact_costs').items() %}
            when '{{ channel }}' then cast({{ cost }} as double)
            {%- endfor %}
        end
    ) as contact_cost,
    case
        when campaigns.cost_amount is not null then 'campaign'
        when channel_costs.contact_cost is not null then 'channel_spend'
        when campaigns.channel in ('{{ var("contact_costs") | join("', '") }}') then 'contact_costs'
    end as cost_known_from
from counted
inner join {{ accepted('campaigns') }} as campaigns on counted.campaign_id = campaigns.campaign_id
left join channel_costs on counted.campaign_id = channel_costs.campaign_id
