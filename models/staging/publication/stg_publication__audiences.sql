with source as (

    select * from {{ source('publication', 'audiences') }}

),

renamed as (

    select
        audience,
        customer_id,
        arm
    from source

)

select * from renamed
