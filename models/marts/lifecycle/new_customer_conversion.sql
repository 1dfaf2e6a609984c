-- How many of those who first bought in a month, by the channel of that purchase, came back within
-- repurchase_windows_days. A window says nothing before it has ended for the last of the month: until
-- then it is null. From the first customer of a channel on, each month has a row, also where the channel won nobody.
-- Money is spent on channels that win customers, which are not those in which they buy. So what such a channel cost in the
-- month is borne in equal parts by those whom it won and who first bought in it, wherever that was; whose channel has
-- no known cost counts in no cost.
{%- set windows = var('repurchase_windows_days') %}

with new_customers as (

    select
        beginnings.*,
        {{ days_between('beginnings.first_purchase_on', 'beginnings.second_purchase_on') }} as days_to_second,
        spend.spend_amount as channel_spend_amount,
        count(*) over (partition by beginnings.cohort_month, spend.channel) as bearer_count,
        row_number() over (
            partition by beginnings.cohort_month, spend.channel order by beginnings.customer_id nulls last
        ) as bearer_number
    from {{ ref('int_first_purchases') }} as beginnings
    left join {{ ref('int_customer_channels') }} as channels on beginnings.customer_id = channels.customer_id
    left join {{ ref('int_channel_spend_months') }} as spend
        on beginnings.cohort_month = spend.spent_month
        and coalesce(channels.acquisition_channel, 'unknown') = spend.channel

),

beginnings as (

    select
        new_customers.*,
        {{ share_of('channel_spend_amount', 'bearer_number', 'bearer_count') }}
        - {{ share_of('channel_spend_amount', '(bearer_number - 1)', 'bearer_count') }} as cost_amount
    from new_customers

),

channels as (

    select
        first_channel,
        min(cohort_month) as first_month
    from beginnings
    group by first_channel

),

cells as (

    select
        months.calendar_month,
        months.days_since_month,
        channels.first_channel
    from {{ ref('int_months') }} as months
    inner join channels on months.calendar_month >= channels.first_month

),

converted as (

    select
        cells.calendar_month as cohort_month,
        cells.first_channel,

        count(beginnings.customer_id) as new_customer_count,
        {%- for days in windows %}
        case
            when cells.days_since_month >= {{ days }}
                then count(*) filter (where beginnings.days_to_second <= {{ days }})
        end as converted_within_{{ days }}_days_count,
        case
            when cells.days_since_month >= {{ days }}
                then count(beginnings.cost_amount) filter (where beginnings.days_to_second <= {{ days }})
        end as costed_within_{{ days }}_days_count,
        {%- endfor %}
        case
            when cells.days_since_month >= {{ windows | max }}
                then percentile_cont(0.5) within group (order by beginnings.days_to_second)
                    filter (where beginnings.days_to_second <= {{ windows | max }})
        end as median_days_to_second,
        cast(sum(beginnings.cost_amount) as decimal(18,2)) as spend_amount,
        count(beginnings.cost_amount) as costed_count,

        cells.days_since_month >= 0 as is_complete
    from cells
    left join beginnings
        on cells.calendar_month = beginnings.cohort_month
        and cells.first_channel is not distinct from beginnings.first_channel
    group by cells.calendar_month, cells.days_since_month, cells.first_channel

)

select
    cohort_month,
    first_channel,

    new_customer_count,
    {%- for days in windows %}
    converted_within_{{ days }}_days_count,
    {%- endfor %}
    {%- for days in windows %}
    cast(converted_within_{{ days }}_days_count as double) / nullif(new_customer_count, 0)
        as converted_within_{{ days }}_days_share,
    {%- endfor %}
    median_days_to_second,
    spend_amount,
    case when is_complete then cast(spend_amount as double) / nullif(costed_count, 0) end as cost_per_new_customer,
    {%- for days in windows %}
    cast(spend_amount as double) / nullif(costed_within_{{ days }}_days_count, 0)
        as cost_per_converted_within_{{ days }}_days,
    {%- endfor %}

    is_complete
from converted
