select
    metrics.model,
    metrics.version,
    metrics.metric,

    metrics.value,

    versions.status,
    versions.as_of_date
from {{ source('parameters', 'model_metrics') }} as metrics
inner join {{ ref('int_model_versions') }} as versions
    on metrics.model = versions.model
    and metrics.version = versions.version
