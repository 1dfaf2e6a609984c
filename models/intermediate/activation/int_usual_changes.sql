-- What customers alike bought in as many days after a month end as before it, and the difference: who had just bought much buys less, and
-- who had been silent comes back in part. That is regression to the mean, and no campaign did it. It does not grow with the days: who
-- bought last week has an order in the week before, and who was silent for six weeks none in the month before, so that each length of
-- usual_change_spans is counted for itself, and only where the data have all of the days before: of a shop's first months they would
-- miss some, and everybody would seem to buy more. What was before is worth what it was on that day, and what came after what it was
-- when the last month ended.
{%- set spans = var('usual_change_spans') %}

with placed as (

    select
        activity.customer_id,
        activity.as_of_date,
        learnt.learnt_until + 1 as known_on,
        {{ usual_stratum('activity.days_since_last', 'activity.window_purchase_count') }} as stratum
    from {{ ref('int_customer_activity') }} as activity
    inner join {{ ref('int_learnt_until') }} as learnt on activity.as_of_date + {{ spans | min }} <= learnt.learnt_until + 1
    where activity.purchase_count > 0

),

counted as (

    select
        as_of_date,
        known_on,
        stratum,
        count(*) as customer_count
    from placed
    group by as_of_date, known_on, stratum

),

changed as (

    select
        placed.as_of_date,
        placed.stratum
        {%- for days in spans %}
        {%- for measure, worth in [('order', 'case when transactions.is_purchase then 1 else 0 end'), ('revenue', 'transactions.net_amount')] %},
        sum(
            case when transactions.transacted_on >= placed.as_of_date then {{ worth }} else -({{ worth }}) end
        ) filter (
            where transactions.transacted_on >= placed.as_of_date - {{ days }} and transactions.transacted_on < placed.as_of_date + {{ days }}
        ) as {{ measure }}_change_{{ days }}
        {%- endfor %}
        {%- endfor %}
    from placed
    inner join {{ ref('int_transactions') }} as transactions
        on placed.customer_id = transactions.customer_id
        and transactions.transacted_on >= placed.as_of_date - {{ spans | max }}
        and transactions.transacted_on < placed.as_of_date + {{ spans | max }}
        and {{ stands_on(
            'transactions', 'case when transactions.transacted_on < placed.as_of_date then placed.as_of_date else placed.known_on end'
        ) }}
    group by placed.as_of_date, placed.stratum

)

{%- for days in spans %}
select
    counted.as_of_date,
    counted.stratum,
    {{ days }} as span_days,
    counted.customer_count,
    cast(coalesce(changed.order_change_{{ days }}, 0) as bigint) as order_change,
    cast(coalesce(changed.revenue_change_{{ days }}, 0) as decimal(18,2)) as revenue_change
from counted
left join changed
    on counted.as_of_date = changed.as_of_date
    and counted.stratum = changed.stratum
where counted.as_of_date + {{ days }} <= counted.known_on
    and counted.as_of_date - {{ days }} >= (select min(transacted_on) from {{ ref('int_transactions') }})
{{ 'union all' if not loop.last }}
{%- endfor %}
