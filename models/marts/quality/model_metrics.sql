with metrics as (

    select * from {{ ref('stg_parameters__model_metrics') }}

),

versions as (

    select * from {{ ref('int_model_versions') }}

),

described as (

    select
        metrics.model,
        metrics.version,
        metrics.metric,

        metrics.value,

        versions.status,
        versions.as_of_date
    from metrics
    inner join versions
        on metrics.model = versions.model
        and metrics.version = versions.version

)

select * from described
