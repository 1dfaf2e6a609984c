-- Purchases by strata of purchases alike: of the same month, way of selling and delivery (late or not), by customers of the same
-- scores of recency and money at the beginning of that month (0 without any); those that no ticket names (none), and those
-- named for each reason, with the sum and the sum of squares of each measure.
{%- set measures = {'repurchase': 'outcome', 'later_amount': 'outcome', 'earlier_purchase_count': 'balance',
    'earlier_amount': 'balance', 'tenure_days': 'balance'} %}

with placed as (

    select
        purchases.*,
        coalesce(scores.r_score, 0) as recency_score,
        coalesce(scores.m_score, 0) as monetary_score
    from {{ ref('int_followed_purchases') }} as purchases
    left join {{ ref('int_rfm_scores') }} as scores
        on purchases.customer_id = scores.customer_id
        and purchases.ordered_month = scores.as_of_date

),

summed as (

    select
        {{ hash_key(['ordered_month', 'channel', 'is_late', 'recency_score', 'monetary_score']) }} as stratum_id,
        coalesce(reason, 'none') as reason,
        count(*) as purchase_count,
        {%- for measure in measures %}
        cast(sum({{ measure }}) as double) as {{ measure }}_sum,
        cast(sum({{ measure }} * {{ measure }}) as double) as {{ measure }}_square{{ ',' if not loop.last }}
        {%- endfor %}
    from placed
    group by ordered_month, channel, is_late, recency_score, monetary_score, coalesce(reason, 'none')

)

{%- for measure, role in measures.items() %}
select
    stratum_id,
    reason,
    '{{ measure }}' as measure,
    '{{ role }}' as measure_role,
    purchase_count,
    {{ measure }}_sum as measure_sum,
    {{ measure }}_square as measure_square
from summed
{{ 'union all' if not loop.last }}
{%- endfor %}
