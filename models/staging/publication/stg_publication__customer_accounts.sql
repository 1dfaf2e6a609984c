with source as (

    select * from {{ source('publication', 'customer_accounts') }}

),

renamed as (

    select
        account_id,
        customer_id as former_customer_id
    from source

)

select * from renamed
