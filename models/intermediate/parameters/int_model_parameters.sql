select
    model,
    version,
    -- What 0.1.0 called silence would weigh nothing by that name, and no fit could be compared with it.
    case when feature = 'silence' then replace(parameter, 'silence', 'inactivity') else parameter end as parameter,
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
