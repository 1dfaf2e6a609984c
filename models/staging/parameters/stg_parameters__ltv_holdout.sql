with source as (

    select * from {{ source('parameters', 'ltv_holdout') }}

),

renamed as (

    select
        as_of_date,
        decile,
        customer_count,
        predicted_purchases,
        actual_purchases,
        predicted_amount,
        actual_amount
    from source

)

select * from renamed
