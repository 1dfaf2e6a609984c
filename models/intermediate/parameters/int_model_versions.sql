-- Every set of parameters that was ever fitted, and version 0, which ships with the project and holds
-- where none is in use.
with defaults as (

    select distinct model from {{ ref('default_parameters') }}

),

models_in_use as (

    select model
    from {{ source('parameters', 'model_versions') }} as fitted
    where status = 'current'

)

select
    model,
    version,
    status,
    reason,
    as_of_date,
    customer_count,
    data_digest
from {{ source('parameters', 'model_versions') }} as fitted
union all
select
    defaults.model,
    cast(0 as bigint),
    case when models_in_use.model is null then 'current' else 'retired' end,
    'Ships with the project.',
    cast(null as date),
    cast(null as bigint),
    cast(null as string)
from defaults
left join models_in_use on defaults.model = models_in_use.model
