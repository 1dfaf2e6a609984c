-- Every set of parameters that was ever fitted, and version 0, which ships with the project and holds
-- where none is in use.
with fitted as (

    select * from {{ ref('stg_parameters__model_versions') }}

),

defaults as (

    select distinct model
    from {{ ref('default_parameters') }}

),

models_in_use as (

    select model
    from fitted
    where status = 'current'

),

shipped as (

    select
        defaults.model,
        cast(0 as bigint) as version,
        case when models_in_use.model is null then 'current' else 'retired' end as status,
        'Ships with the project.' as reason,
        cast(null as date) as as_of_date,
        cast(null as bigint) as customer_count,
        cast(null as string) as data_digest
    from defaults
    left join models_in_use on defaults.model = models_in_use.model

),

versions as (

    select * from fitted
    union all
    select * from shipped

)

select * from versions
