select
    model,
    version,
    parameter,
    feature,
    knot,
    value,
    standard_error
from {{ source('parameters', 'model_parameters') }}
union all
select
    model,
    cast(0 as bigint) as version,
    parameter,
    feature,
    knot,
    value,
    standard_error
from {{ ref('default_parameters') }}
