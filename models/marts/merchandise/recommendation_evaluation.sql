select
    method,
    scene,
    metric,
    cutoff_on,
    customer_count,
    value
from {{ source('parameters', 'recommendation_evaluation') }}
