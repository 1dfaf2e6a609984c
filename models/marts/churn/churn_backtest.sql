select * from {{ source('parameters', 'churn_backtest') }}
