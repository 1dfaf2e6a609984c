with source as (

    select * from {{ source('parameters', 'model_versions') }}

),

renamed as (

    select
        model,
        version,
        status,
        reason,
        as_of_date,
        customer_count,
        data_digest
    from source

)

select * from renamed
