-- With the interval in which a parameter lies with the confidence of interval_standard_deviations, where its error
-- is known.
select
    parameters.model,
    parameters.version,
    parameters.parameter,

    parameters.value,
    parameters.value - {{ var('interval_standard_deviations') }} * parameters.standard_error as low,
    parameters.value + {{ var('interval_standard_deviations') }} * parameters.standard_error as high,
    parameters.standard_error,
    parameters.feature,
    parameters.knot,

    versions.status,
    versions.reason,
    versions.customer_count,
    versions.data_digest,
    versions.as_of_date
from {{ ref('int_model_parameters') }} as parameters
inner join {{ ref('int_model_versions') }} as versions
    on parameters.model = versions.model
    and parameters.version = versions.version
