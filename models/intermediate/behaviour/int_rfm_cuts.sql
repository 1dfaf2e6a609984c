-- What tells high from low on each day, by the variable rfm_cut: the mean or the median of those who
-- bought within the window, the middle of the scores, or fixed values. Everybody is cut by them: those who
-- left long ago would move a mean of all, and say nothing of who is worth more than others today.
-- Each cut is kept as a total and the parts that it is divided into, so that a value is compared in whole
-- numbers and cents (value × parts against the total): a mean in binary would call one of three equal values high.
-- One customer, or customers who are equal in all three, are neither high nor low. Fixed values compare
-- nobody, and scores everybody.
{%- set cut = chosen('rfm_cut', ['mean', 'median', 'score', 'fixed']) %}
{%- set compares_buyers = cut in ['mean', 'median'] %}
select
    as_of_date,
    cast({{ rfm_cut_total(cut, 'recency_days') }} as decimal(38,2)) as recency_total,
    cast({{ rfm_cut_total(cut, 'frequency') }} as decimal(38,2)) as frequency_total,
    cast({{ rfm_cut_total(cut, 'monetary_amount') }} as decimal(38,2)) as monetary_total,
    cast({{ rfm_cut_parts(cut) }} as bigint) as parts,
    {%- if cut == 'fixed' %}
    false as is_degenerate
    {%- else %}
    coalesce(
        min(recency_days) = max(recency_days)
        and min(frequency) = max(frequency)
        and min(monetary_amount) = max(monetary_amount),
        true
    ) as is_degenerate
    {%- endif %}
from {{ ref('int_rfm_scores') }} as scores
{%- if compares_buyers %}
where frequency > 0
{%- endif %}
group by as_of_date
