with source as (

    select * from {{ source('parameters', 'identity_weights') }}

),

renamed as (

    select
        comparison,
        level,
        m_probability,
        u_probability
    from source

)

select * from renamed
