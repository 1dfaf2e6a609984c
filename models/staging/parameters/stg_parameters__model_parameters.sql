with source as (

    select * from {{ source('parameters', 'model_parameters') }}

),

renamed as (

    select
        model,
        version,
        parameter,
        feature,
        knot,
        value,
        standard_error
    from source

)

select * from renamed
