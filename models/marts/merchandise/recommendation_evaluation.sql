select * from {{ source('parameters', 'recommendation_evaluation') }}
