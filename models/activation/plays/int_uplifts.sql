-- How many purchases a contact adds, by play and cause: the prior of the seed, drawn towards what was measured by how well each is
-- known, which is one over its variance. An effect that names no cause speaks for all causes of its play.
--   (prior ÷ σ² + Σ effect ÷ s²) ÷ (1 ÷ σ² + Σ 1 ÷ s²)
with measured as (

    select
        priors.play,
        priors.cause,
        count(*) as experiment_count,
        {{ sum_of_doubles('1 / (effects.standard_error * effects.standard_error)') }} as precision_sum,
        {{ sum_of_doubles('effects.effect / (effects.standard_error * effects.standard_error)') }} as weighted_sum
    from {{ ref('play_priors') }} as priors
    inner join {{ ref('play_effects') }} as effects
        on priors.play = effects.play
        and coalesce(effects.cause, priors.cause) = priors.cause
    group by priors.play, priors.cause

),

drawn as (

    select
        priors.*,
        coalesce(measured.experiment_count, 0) as experiment_count,
        1 / (priors.prior_standard_deviation * priors.prior_standard_deviation) as prior_precision,
        coalesce(measured.precision_sum, 0) as precision_sum,
        coalesce(measured.weighted_sum, 0) as weighted_sum
    from {{ ref('play_priors') }} as priors
    left join measured
        on priors.play = measured.play
        and priors.cause = measured.cause

)

select
    play,
    cause,
    play_name_en,
    play_name_zh,
    experiment_count,
    prior_uplift,
    cast({{ round_half_up('(prior_uplift * prior_precision + weighted_sum) / (prior_precision + precision_sum)', 9) }} as double)
        as uplift,
    cast({{ round_half_up('1 / sqrt(prior_precision + precision_sum)', 9) }} as double) as standard_error
from drawn
