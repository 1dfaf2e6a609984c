-- Who customers are, as the golden record has it today: from the first day of analysis on which they were known, since no system says when
-- that changed; and ages as they were on each day, by the birth date, or else the range that a system tells.
{%- set told = ['gender', 'city', 'income_range', 'household_type'] %}

with days as (

    select
        as_of_date,
        min(as_of_date) over () as first_as_of,
        max(as_of_date) over () as latest_as_of
    from {{ ref('int_as_of_dates') }}

),

known as (

    select
        customers.customer_number,
        {%- for figure in told %}
        customers.{{ figure }},
        customers.{{ figure }}_source,
        {%- endfor %}
        case when customers.birth_date is null then customers.age_range end as age_band,
        customers.age_range_source as age_band_source,
        customers.birth_date,
        customers.birth_date_source,
        {{ first_as_of_after('known_since.known_since', 'bounds') }} as known_on
    from {{ ref('int_customers') }} as customers
    inner join {{ ref('int_customer_known_since') }} as known_since on customers.customer_id = known_since.customer_id
    inner join days as bounds
        on bounds.as_of_date = bounds.latest_as_of
        and known_since.known_since < bounds.latest_as_of

),

aged as (

    select
        known.customer_number,
        known.birth_date_source,
        {{ age_band('known.birth_date', 'days.as_of_date') }} as item,
        min(days.as_of_date) as valid_from
    from known
    inner join days on known.known_on <= days.as_of_date
    where known.birth_date is not null
    group by known.customer_number, known.birth_date_source, {{ age_band('known.birth_date', 'days.as_of_date') }}

)

{% for figure in told + ['age_band'] %}
select
    customer_number,
    '{{ figure }}' as figure,
    {{ figure }} as item,
    known_on as valid_from,
    cast(null as date) as valid_to,
    {{ figure }}_source as source_system
from known
where {{ figure }} is not null
union all
{% endfor %}
select
    customer_number,
    'age_band',
    item,
    valid_from,
    lead(valid_from) over (partition by customer_number order by valid_from nulls last),
    birth_date_source
from aged
