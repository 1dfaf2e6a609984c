select
    model,
    version,
    parameter,
    -- As 0.1.0 called it: by that name it would weigh nothing.
    case when feature = 'silence' then 'inactivity' else feature end as feature,
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
