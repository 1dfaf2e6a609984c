-- What each channel of marketing cost in a month, whom it reached and won, what these have been worth and are expected to
-- be, and what its touches got of the month's orders. Spend, acquisition, messages and touches name channels each in their
-- own words: what is not said of a channel is null. Rates wait for the end of the month.
with messages as (

    select
        cast(date_trunc('month', messages.occurred_on) as date) as performance_month,
        messages.channel
        {%- for step in ['sent', 'opened', 'clicked'] %},
        nullif(count(*) filter (where messages.touch_type = '{{ step }}'), 0) as {{ step }}_count
        {%- endfor %}
    from {{ ref('int_messages') }} as messages
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and messages.occurred_on < latest.as_of_date
    group by cast(date_trunc('month', messages.occurred_on) as date), messages.channel

),

predicted as (

    select
        acquisition.acquired_month as performance_month,
        coalesce(acquisition.acquisition_channel, 'unknown') as channel,
        cast(sum(ltv.ltv_amount) as decimal(18,2)) as predicted_amount
    from {{ ref('int_customer_acquisition') }} as acquisition
    inner join {{ ref('customer_ltv') }} as ltv on acquisition.customer_id = ltv.customer_id
    where acquisition.is_observed
    group by acquisition.acquired_month, coalesce(acquisition.acquisition_channel, 'unknown')

),

attributed as (

    select
        cast(date_trunc('month', attribution.ordered_on) as date) as performance_month,
        attribution.channel
        {%- for model in attribution_models() %},
        cast(sum(attribution.net_amount) filter (where attribution.attribution_model = '{{ model }}') as decimal(18,2))
            as {{ model }}_amount
        {%- endfor %}
    from {{ ref('order_attribution') }} as attribution
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and attribution.ordered_on < latest.as_of_date
    group by cast(date_trunc('month', attribution.ordered_on) as date), attribution.channel

),

keys as (

    select spent_month as performance_month, channel from {{ ref('int_channel_spend_months') }}
    union
    select acquired_month, channel from {{ ref('int_channel_cohorts') }}
    union
    select performance_month, channel from messages
    union
    select performance_month, channel from attributed

),

cells as (

    select
        keys.*,
        cast(keys.performance_month + interval '1' month as date) <= latest.as_of_date as is_complete
    from keys
    inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest

)

select
    cells.performance_month,
    cells.channel,

    spend.spend_amount,
    spend.impression_count,
    spend.click_count as ad_click_count,
    {%- for count in ['messages.sent_count', 'messages.opened_count', 'messages.clicked_count', 'cohorts.acquired_count'] %}
    {{ zero_where_told(count, 'cells.channel') }} as {{ count.split('.')[1] }},
    {%- endfor %}
    case when cells.is_complete then cast(spend.spend_amount as double) / cohorts.acquired_count end as cac,
    cohorts.first_purchase_amount,
    cohorts.revenue_amount,
    cohorts.revenue_after_12_months_amount,
    case when cohorts.is_observed then coalesce(predicted.predicted_amount, 0) end as predicted_amount,
    case
        when cells.is_complete and cohorts.is_observed
            then cast(cohorts.revenue_amount + coalesce(predicted.predicted_amount, 0) as double)
                / nullif(cast(spend.spend_amount as double), 0)
    end as ltv_to_cac,
    cohorts.payback_months,
    {%- for model in attribution_models() %}
    {{ zero_where_told('attributed.' ~ model ~ '_amount', 'cells.channel') }} as attributed_{{ model }}_amount,
    case
        when cells.is_complete
            then cast({{ zero_where_told('attributed.' ~ model ~ '_amount', 'cells.channel') }} as double)
                / nullif(cast(spend.spend_amount as double), 0)
    end as return_on_spend_{{ model }},
    {%- endfor %}

    cells.is_complete
from cells
left join {{ ref('int_channel_spend_months') }} as spend
    on cells.performance_month = spend.spent_month
    and cells.channel = spend.channel
left join {{ ref('int_channel_cohorts') }} as cohorts
    on cells.performance_month = cohorts.acquired_month
    and cells.channel = cohorts.channel
left join messages
    on cells.performance_month = messages.performance_month
    and cells.channel = messages.channel
left join predicted
    on cells.performance_month = predicted.performance_month
    and cells.channel = predicted.channel
left join attributed
    on cells.performance_month = attributed.performance_month
    and cells.channel = attributed.channel
