-- What: every level of every comparison of `identity_comparisons` has a weight, and so has the
-- prior.
-- Why: a level without one counts for nothing, in silence, and so would every pair without a prior.
-- Returns the levels without a weight: give them one in the seed identity_weights, or by `regulars fit identity`.
with levels as (

    select
        'prior' as comparison,
        0 as level
    {%- for comparison, rule in identity_comparisons().items() %}
    {%- for level in range(rule['levels'] | length + 1) %}
    union all
    select '{{ comparison }}', {{ level }}
    {%- endfor %}
    {%- endfor %}

)

select
    levels.comparison,
    levels.level
from levels
anti join {{ ref('int_identity_weights') }} as weights
    on levels.comparison = weights.comparison
    and levels.level = weights.level
