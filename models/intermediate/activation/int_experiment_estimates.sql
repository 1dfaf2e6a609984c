-- How sure each comparison of an arm with its control is.
--   means, ratios, adjusted   difference ± t × error, and the chance of a greater t, by Student's distribution
--   rates                     the interval of Newcombe (1998, method 10: of Wilson's of each arm), and the test of equal shares
-- The adjusted difference decides where there is one. Chances are told to a billionth.
{%- set z = experiment_deviations() %}

with logged as (

    select
        comparisons.*
        {%- for kind in ['', 'adjusted_'] %},
        {{ student_log(kind ~ 'difference / nullif(' ~ kind ~ 'error, 0)', kind ~ 'df') }} as {{ kind }}y,
        {{ student_step(z ~ 'e0', z * z ~ 'e0', kind ~ 'df') }} as {{ kind }}q
        {%- endfor %}
    from {{ ref('int_experiment_comparisons') }} as comparisons

),

deviated as (

    select
        logged.*,
        case
            when kind = 'rate' then abs(difference) / nullif(pooled_error, 0)
            else {{ student_deviate('y', 'df') }}
        end as z,
        {{ student_deviate('adjusted_y', 'adjusted_df') }} as adjusted_z
        {%- for kind in ['', 'adjusted_'] %},
        {{ student_step(z ~ 'e0', kind ~ 'q', kind ~ 'df') }} as {{ kind }}q2
        {%- endfor %}
    from logged

),

settled as (

    select
        deviated.*
        {%- for kind in ['', 'adjusted_'] %},
        {{ student_step(z ~ 'e0', kind ~ 'q2', kind ~ 'df') }} as {{ kind }}q3
        {%- endfor %}
    from deviated

),

told as (

    select
        settled.*
        {%- for kind in ['', 'adjusted_'] %},
        cast({{ round_half_up('2 * (' ~ normal_tail(kind ~ 'z') ~ ')', 9) }} as double) as {{ kind }}p,
        cast({{ round_half_up(student_of(kind ~ 'q3', kind ~ 'df'), 12) }} as double) * {{ kind }}error as {{ kind }}reach
        {%- endfor %}
    from settled

)

select
    experiment_id, observation, metric, segment_type, segment, arm, kind,
    n,
    m,
    deviation,
    control_n,
    control_m,
    waiting_n,
    is_over,
    difference,
    case
        when kind <> 'rate' then difference - reach
        when is_told
            then difference - sqrt(
                power(share - {{ wilson_bound('share', 'n', '-', z) }}, 2)
                + power({{ wilson_bound('control_share', 'control_n', '+', z) }} - control_share, 2)
            )
    end as low_difference,
    case
        when kind <> 'rate' then difference + reach
        when is_told
            then difference + sqrt(
                power({{ wilson_bound('share', 'n', '+', z) }} - share, 2)
                + power(control_share - {{ wilson_bound('control_share', 'control_n', '-', z) }}, 2)
            )
    end as high_difference,
    p,
    adjusted_difference,
    adjusted_difference - adjusted_reach as low_adjusted_difference,
    adjusted_difference + adjusted_reach as high_adjusted_difference,
    adjusted_p,
    1 - adjusted_error * adjusted_error / nullif(error * error, 0) as variance_saved,
    coalesce(adjusted_difference, difference) as best_difference,
    coalesce(adjusted_error, error) as best_error,
    coalesce(adjusted_p, p) as best_p
from told
