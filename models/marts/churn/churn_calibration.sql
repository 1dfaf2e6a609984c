select * from {{ source('parameters', 'churn_calibration') }}
