-- What `regulars fit identity` has fitted; a level that no pair of its accounts has reached keeps the weight
-- that ships with the project.
with fitted as (

    select * from {{ ref('stg_parameters__identity_weights') }}

),

defaults as (

    select * from {{ ref('identity_weights') }}

),

parameters as (

    select
        comparison,
        level,
        m_probability,
        u_probability,
        true as is_fitted
    from fitted
    union all
    select
        defaults.comparison,
        defaults.level,
        defaults.m_probability,
        defaults.u_probability,
        false as is_fitted
    from defaults
    anti join fitted
        on defaults.comparison = fitted.comparison
        and defaults.level = fitted.level

),

weights as (

    select
        parameters.*,
        log2(m_probability / u_probability) as match_weight
    from parameters

)

select * from weights
