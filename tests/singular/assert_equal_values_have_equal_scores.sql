-- What: on one day, customers with the same recency, frequency or spend have the same score for it.
-- Why: cutting a population into equal parts by position scores ties by accident of order.
-- Returns the values that have more than one score.
{%- set measures = {'recency_days': 'r_score', 'frequency': 'f_score', 'monetary_amount': 'm_score'} %}
{%- for value, score in measures.items() %}
select as_of_date, '{{ score }}' as score, cast({{ value }} as double) as tied_value
from {{ ref('customer_rfm') }}
group by as_of_date, {{ value }}
having count(distinct {{ score }}) > 1
{{ 'union all' if not loop.last }}
{%- endfor %}
