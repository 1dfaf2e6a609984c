with source as (

    select * from {{ source('parameters', 'model_metrics') }}

),

renamed as (

    select
        model,
        version,
        metric,
        value
    from source

)

select * from renamed
