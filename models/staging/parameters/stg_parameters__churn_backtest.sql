with source as (

    select * from {{ source('parameters', 'churn_backtest') }}

),

renamed as (

    select
        model,
        cutoff_on,
        customer_count,
        churned_share,
        auc,
        average_precision,
        lift_top_decile,
        log_loss,
        brier,
        brier_skill,
        calibration_error
    from source

)

select * from renamed
