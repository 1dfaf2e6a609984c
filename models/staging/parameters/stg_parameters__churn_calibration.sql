with source as (

    select * from {{ source('parameters', 'churn_calibration') }}

),

renamed as (

    select
        model,
        cutoff_on,
        decile,
        customer_count,
        foretold_share,
        churned_share
    from source

)

select * from renamed
