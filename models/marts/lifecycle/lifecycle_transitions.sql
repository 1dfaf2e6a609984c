-- How customers moved between stages, and between states, from one month end to the next. Who was
-- not known by the day before comes from nowhere (null); once known, nobody is forgotten.
with days as (

    -- Each day of analysis looks back on a month of its own (int_months).
    select
        as_of_date,
        cast(date_trunc('month', as_of_date - interval '1' day) as date) as opening_date
    from {{ ref('int_as_of_dates') }}

),

standings as (

    select as_of_date, customer_id, 'stage' as kind, stage as code
    from {{ ref('customer_lifecycle') }}
    union all
    select as_of_date, customer_id, 'state', state
    from {{ ref('customer_lifecycle') }}

),

moves as (

    select
        closings.as_of_date,
        closings.kind,
        openings.code as from_code,
        closings.code as to_code,
        count(*) as customer_count
    from standings as closings
    inner join days on closings.as_of_date = days.as_of_date
    left join standings as openings
        on closings.customer_id = openings.customer_id
        and closings.kind = openings.kind
        and days.opening_date = openings.as_of_date
    group by closings.as_of_date, closings.kind, openings.code, closings.code

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
