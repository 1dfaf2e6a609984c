-- What tells high from low on each day, by the variable rfm_cut: the mean or the median of
-- everybody, the middle of the scores, or fixed values. Each cut is kept as a total and the parts
-- that it is divided into, so that a value is compared in whole numbers and cents (value × parts
-- against the total): a mean in binary would call one of three equal values high.
{%- set cut = chosen('rfm_cut', ['mean', 'median', 'score', 'fixed']) %}
select
    as_of_date,
    cast({{ rfm_cut_total(cut, 'recency_days') }} as decimal(38,2)) as recency_total,
    cast({{ rfm_cut_total(cut, 'frequency') }} as decimal(38,2)) as frequency_total,
    cast({{ rfm_cut_total(cut, 'monetary_amount') }} as decimal(38,2)) as monetary_total,
    cast({{ rfm_cut_parts(cut) }} as bigint) as parts
from {{ ref('int_rfm_scores') }} as scores
group by as_of_date
