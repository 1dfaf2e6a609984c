-- Every set of parameters that was ever fitted, and version 0, which ships with the project and holds
-- where none is in use. A past day is scored with what was fitted by then: on facts before the day of analysis,
-- and by the instant known_at. Weights of record linkage know no day, since who is one person is no fact of a day;
-- only the instant withholds them.
with fitted as (

    select
        *,
        -- As 0.1.0 called it.
        status in ('rejected', 'kept_out') as is_rejected,
        status not in ('rejected', 'kept_out')
        {%- if var('as_of_date') %}
        and coalesce(as_of_date <= cast('{{ var("as_of_date") }}' as date), true)
        {%- endif %}
        {%- if var('known_at') %}
        and coalesce(fitted_at < cast('{{ var("known_at") }}' as timestamp), false)
        {%- endif %}
            as is_known
    from {{ source('parameters', 'model_versions') }}

),

in_use as (

    select
        model,
        max(version) as version
    from fitted
    where is_known
    group by model

),

defaults as (

    select distinct model from {{ ref('default_parameters') }}

)

select
    fitted.model,
    fitted.version,
    case
        when fitted.is_rejected then 'rejected'
        when not fitted.is_known then 'later'
        when fitted.version = in_use.version then 'current'
        else 'retired'
    end as status,
    fitted.reason,
    fitted.as_of_date,
    fitted.customer_count,
    fitted.data_digest
from fitted
left join in_use on fitted.model = in_use.model
union all
select
    defaults.model,
    cast(0 as bigint),
    case when in_use.model is null then 'current' else 'retired' end,
    'Ships with the project.',
    cast(null as date),
    cast(null as bigint),
    cast(null as string)
from defaults
left join in_use on defaults.model = in_use.model
