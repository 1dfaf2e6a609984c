-- With the interval in which a parameter lies with the confidence of interval_standard_deviations, where its error
-- is known.
with parameters as (

    select * from {{ ref('int_model_parameters') }}

),

versions as (

    select * from {{ ref('int_model_versions') }}

),

described as (

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
    from parameters
    inner join versions
        on parameters.model = versions.model
        and parameters.version = versions.version

)

select * from described
