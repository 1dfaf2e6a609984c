with source as (

    select * from {{ source('publication', 'generation') }}

),

renamed as (

    select generation
    from source

)

select * from renamed
