with fitted as (

    select * from {{ ref('stg_parameters__model_parameters') }}

),

shipped as (

    select * from {{ ref('default_parameters') }}

),

parameters as (

    select
        model,
        version,
        parameter,
        feature,
        knot,
        value,
        standard_error
    from fitted
    union all
    select
        model,
        cast(0 as bigint) as version,
        parameter,
        feature,
        knot,
        value,
        standard_error
    from shipped

)

select * from parameters
