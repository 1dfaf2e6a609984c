with source as (

    select * from {{ source('publication', 'customer_id_changes') }}

),

renamed as (

    select
        compared_with,
        as_of_date,
        change_type,
        former_customer_id,
        customer_id,
        account_count
    from source

)

select * from renamed
