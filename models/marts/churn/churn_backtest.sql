select * from {{ ref('stg_parameters__churn_backtest') }}
