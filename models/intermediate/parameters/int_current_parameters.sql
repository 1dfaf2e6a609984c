select parameters.*
from {{ ref('int_model_parameters') }} as parameters
inner join {{ ref('int_model_versions') }} as versions
    on parameters.model = versions.model
    and parameters.version = versions.version
where versions.status = 'current'
