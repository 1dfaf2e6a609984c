-- How customers moved between stages, and between states, from one month end to the next. Who was
-- not known by the day before comes from nowhere (null); once known, nobody is forgotten.
with days as (

    select
        as_of_date,
        {{ month_looked_back_on('as_of_date') }} as opening_date
    from {{ ref('int_as_of_dates') }}

),

paired as (

    select
        closings.as_of_date,
        openings.stage as from_stage,
        openings.state as from_state,
        closings.stage as to_stage,
        closings.state as to_state,
        count(*) as customer_count
    from days
    inner join {{ ref('customer_lifecycle') }} as closings on days.as_of_date = closings.as_of_date
    left join {{ ref('customer_lifecycle') }} as openings
        on closings.customer_id = openings.customer_id
        and days.opening_date = openings.as_of_date
    group by closings.as_of_date, openings.stage, openings.state, closings.stage, closings.state

),

moves as (

    {%- for kind in ['stage', 'state'] %}
    select
        as_of_date,
        '{{ kind }}' as kind,
        from_{{ kind }} as from_code,
        to_{{ kind }} as to_code,
        cast(sum(customer_count) as bigint) as customer_count
    from paired
    group by as_of_date, from_{{ kind }}, to_{{ kind }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    moves.as_of_date,
    moves.kind,
    moves.from_code,
    moves.to_code,

    openings.name_en as from_name_en,
    openings.name_zh as from_name_zh,
    closings.name_en as to_name_en,
    closings.name_zh as to_name_zh,

    moves.customer_count
from moves
left join {{ ref('lifecycle_labels') }} as openings
    on moves.kind = openings.kind and moves.from_code = openings.code
left join {{ ref('lifecycle_labels') }} as closings
    on moves.kind = closings.kind and moves.to_code = closings.code
