-- How often each arm of a campaign was written to, called or pushed, and what that cost: what the campaign is said to have cost; else
-- what was spent on its channel in its days until now, shared by all contacts on it; else what a contact costs by the seed contact_channels. Whom
-- an audience of our own handed over for sending counts as sent to, where nobody says what was sent.
with reported as (

    select messages.campaign_id, messages.customer_id, messages.channel, messages.occurred_on
    from {{ ref('int_messages') }} as messages
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and messages.occurred_on < latest.as_of_date
    where messages.touch_type = 'sent'

),

sent as (

    select campaign_id, customer_id, channel, occurred_on
    from reported
    union all
    select members.experiment_id, members.customer_id, campaigns.channel, members.watched_from
    from {{ ref('int_experiment_members') }} as members
    inner join {{ accepted('campaigns') }} as campaigns on members.experiment_id = campaigns.campaign_id
    left join (select distinct campaign_id from reported) as known on members.experiment_id = known.campaign_id
    where campaigns.source_system = 'regulars'
        and members.arm <> '{{ var("experiment_control_arm") }}'
        and known.campaign_id is null

),

spent as (

    select spend.channel, spend.spent_on as happened_on, spend.converted_amount as spend_amount, 0 as contact_count
    from {{ accepted('channel_spend') }} as spend
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and spend.spent_on < latest.as_of_date
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
    max(case when counted.arm = '{{ var("experiment_control_arm") }}' then counted.contact_count end) over (partition by counted.campaign_id)
        as control_contact_count,
    coalesce(
        case when campaigns.cost_amount >= 0 then cast(campaigns.cost_amount as double) / counted.all_contact_count end,
        channel_costs.contact_cost,
        cast(channels.contact_cost_amount as double)
    ) as contact_cost,
    case
        when campaigns.cost_amount >= 0 then 'campaign'
        when channel_costs.contact_cost is not null then 'channel_spend'
        when channels.channel is not null then 'contact_channels'
    end as cost_known_from
from counted
inner join {{ accepted('campaigns') }} as campaigns on counted.campaign_id = campaigns.campaign_id
left join channel_costs on counted.campaign_id = channel_costs.campaign_id
left join {{ ref('contact_channels') }} as channels on campaigns.channel = channels.channel
