-- Recency, frequency and monetary value of everybody who had ever bought by the day, and their
-- scores:
--   score = least(k, 1 + floor(k × percent_rank))
-- by percent rank, so that equal values get equal scores (NTILE does not do that). An average is
-- rounded to cents, half up, in whole numbers of half cents, so that averages equal to the cent are
-- equal. Without a purchase in the window it is 0, the lowest, not null.
{%- set k = whole_number('rfm_scores', 2) %}
{%- set counted = {'orders': 'window_purchase_count', 'days': 'window_purchase_day_count'} %}
{%- set is_average = chosen('rfm_monetary', ['total', 'average']) == 'average' %}

with measured as (

    select
        customer_id,
        as_of_date,
        is_latest,
        last_purchase_on,
        days_since_last as recency_days,
        {{ counted[chosen('rfm_frequency', ['orders', 'days'])] }} as frequency,
        {%- if is_average %}
        cast(
            case
                when window_purchase_count = 0 then 0
                else
                    floor(
                        cast(200 * window_amount + window_purchase_count as double)
                        / (2 * window_purchase_count)
                    ) / 100
            end
            as decimal(18,2)
        ) as monetary_amount,
        {%- else %}
        window_amount as monetary_amount,
        {%- endif %}
        window_amount as spend_amount
    from {{ ref('int_customer_activity') }}
    where purchase_count > 0

),

ranked as (

    select
        measured.*,
        percent_rank() over (partition by as_of_date order by recency_days desc nulls last)
            as recency_rank,
        percent_rank() over (partition by as_of_date order by frequency nulls last) as frequency_rank,
        percent_rank() over (partition by as_of_date order by monetary_amount nulls last)
            as monetary_rank
    from measured

)

select
    customer_id,
    as_of_date,
    is_latest,
    last_purchase_on,
    recency_days,
    frequency,
    monetary_amount,
    spend_amount,
    cast(least({{ k }}, 1 + floor({{ k }} * recency_rank)) as bigint) as r_score,
    cast(least({{ k }}, 1 + floor({{ k }} * frequency_rank)) as bigint) as f_score,
    cast(least({{ k }}, 1 + floor({{ k }} * monetary_rank)) as bigint) as m_score
from ranked
