with parameters as (

    select * from {{ ref('int_model_parameters') }}

),

versions as (

    select * from {{ ref('int_model_versions') }}

),

current_parameters as (

    select parameters.*
    from parameters
    inner join versions
        on parameters.model = versions.model
        and parameters.version = versions.version
    where versions.status = 'current'

)

select * from current_parameters
