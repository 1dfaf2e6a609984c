-- What those whom a campaign addressed bought in its length from the first contact on, and in as many days before: the naive
-- comparison, of those for whom these days are over, and of whom the data have all of them. Beside it by how much customers alike changed
-- of themselves (int_usual_changes) in about as many days, from month ends of the year before that were over by then: what regression to
-- the mean alone would give. A broadcast has no before.
{%- set spans = var('usual_change_spans') %}

with begun as (

    select min(transacted_on) as first_on
    from {{ ref('int_transactions') }}

),

contacted as (

    select
        messages.campaign_id,
        messages.customer_id,
        latest.as_of_date,
        coalesce(members.arm, 'none') as arm,
        min(messages.occurred_on) as contacted_on,
        min({{ days_between('campaigns.starts_on', 'campaigns.ends_on') }} + 1) as campaign_days
    from {{ ref('int_messages') }} as messages
    inner join {{ accepted('campaigns') }} as campaigns on messages.campaign_id = campaigns.campaign_id
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and messages.occurred_on < latest.as_of_date
    left join {{ ref('int_experiment_members') }} as members
        on messages.campaign_id = members.experiment_id
        and messages.customer_id = members.customer_id
    where messages.touch_type = 'sent'
        and messages.assignment <> 'broadcast'
        and campaigns.ends_on >= campaigns.starts_on
    group by messages.campaign_id, messages.customer_id, latest.as_of_date, coalesce(members.arm, 'none')

),

aged as (

    select
        contacted.*,
        transactions.net_amount,
        transactions.is_purchase,
        {{ days_between('transactions.transacted_on', 'contacted.contacted_on') }} as age_days
    from contacted
    inner join begun on {{ days_between('begun.first_on', 'contacted.contacted_on') }} >= contacted.campaign_days
    inner join {{ ref('int_transactions') }} as transactions
        on contacted.customer_id = transactions.customer_id
        and {{ stands_on(
            'transactions', 'case when transactions.transacted_on < contacted.contacted_on then contacted.contacted_on else contacted.as_of_date end'
        ) }}
    where {{ days_between('contacted.contacted_on', 'contacted.as_of_date') }} >= contacted.campaign_days

),

lived as (

    select
        campaign_id,
        customer_id,
        arm,
        cast(date_trunc('month', contacted_on) as date) as contacted_month,
        case
            when campaign_days < {{ spans[0] / 2 }} then null
            {%- for span in spans[:-1] %}
            when campaign_days < {{ (span + spans[loop.index]) / 2 }} then {{ span }}
            {%- endfor %}
            when campaign_days <= {{ spans[-1] * 1.5 }} then {{ spans[-1] }}
        end as span_days,
        {%- for part, condition in [('before', 'age_days > 0 and age_days <= campaign_days'), ('after', 'age_days <= 0 and age_days > -campaign_days')] %}
        count(*) filter (where is_purchase and {{ condition }}) as {{ part }}_orders,
        coalesce(sum(net_amount) filter (where {{ condition }}), 0) as {{ part }}_revenue,
        {%- endfor %}
        {{ usual_stratum(
            'min(age_days) filter (where is_purchase and age_days > 0)',
            'count(*) filter (where is_purchase and age_days > 0 and ' ~ in_rfm_window('age_days') ~ ')'
        ) }} as stratum
    from aged
    group by campaign_id, customer_id, arm, campaign_days, contacted_on
    having count(*) filter (where is_purchase and age_days > 0) > 0

),

usual as (

    select
        months.contacted_month,
        changes.span_days,
        changes.stratum,
        cast(sum(changes.order_change) as double) / sum(changes.customer_count) as order_change,
        cast(sum(changes.revenue_change) as double) / sum(changes.customer_count) as revenue_change
    from (select distinct contacted_month, span_days from lived) as months
    inner join {{ ref('int_usual_changes') }} as changes
        on months.span_days = changes.span_days
        and changes.as_of_date + changes.span_days <= months.contacted_month
        and changes.as_of_date >= cast(months.contacted_month - interval '1' year as date)
    group by months.contacted_month, changes.span_days, changes.stratum

)

select
    lived.campaign_id,
    lived.arm,
    count(*) as people,
    {%- for measure, unit in [('orders', 'order'), ('revenue', 'revenue')] %}
    {%- for part in ['before', 'after'] %}
    cast(sum(lived.{{ part }}_{{ measure }}) as double) / count(*) as {{ part }}_{{ measure }},
    {%- endfor %}
    {{ sum_of_doubles('usual.' ~ unit ~ '_change', 12) }} / nullif(count(usual.stratum), 0) as usual_{{ measure }}_change{{ ',' if not loop.last }}
    {%- endfor %}
from lived
left join usual
    on lived.contacted_month = usual.contacted_month
    and lived.span_days = usual.span_days
    and lived.stratum = usual.stratum
group by lived.campaign_id, lived.arm
