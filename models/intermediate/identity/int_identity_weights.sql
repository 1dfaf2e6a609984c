-- What `regulars fit identity` has fitted; a level that no pair of its accounts has reached keeps the weight
-- that ships with the project.
with fitted as (

    select
        feature as comparison,
        cast(floor(knot) as bigint) as level,
        max(value) filter (where parameter like '% m') as m_probability,
        max(value) filter (where parameter like '% u') as u_probability
    from {{ ref('int_current_parameters') }}
    where model = 'identity'
    group by feature, knot

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
    from {{ ref('identity_weights') }} as defaults
    anti join fitted
        on defaults.comparison = fitted.comparison
        and defaults.level = fitted.level

)

select
    parameters.*,
    log2(m_probability / u_probability) as match_weight
from parameters
