-- How many purchases a contact adds, by play and cause: the prior of the seed, drawn towards what was measured by how well each is
-- known, which is one over its variance. Measured are the effects that the seed names, of which one without a cause speaks for all
-- causes of its play, and those of audiences of our own, whose objective is the play, or several with _or_ between them, for each of
-- which it counts: by what spoke for a cause before it, or in all where a play has none. Each day they are read anew, and nothing is claimed: so those of what still runs count as they are.
--   (prior ÷ σ² + Σ effect ÷ s²) ÷ (1 ÷ σ² + Σ 1 ÷ s²)
with effects as (

    select play, cause, cast(effect as double) as effect, cast(standard_error as double) as standard_error
    from {{ ref('play_effects') }}
    union all
    select
        campaigns.objective,
        case when results.segment_type = 'cause' then results.segment else 'none' end,
        coalesce(results.adjusted_difference, results.difference),
        (coalesce(results.high_adjusted_difference, results.high_difference) - coalesce(results.low_adjusted_difference, results.low_difference))
        / (2 * {{ experiment_deviations() }}e0)
    from {{ ref('experiment_results') }} as results
    inner join {{ ref('campaigns') }} as campaigns on results.experiment_id = campaigns.campaign_id
    where campaigns.source_system = 'regulars'
        and results.metric = 'orders'
        and results.observation = 'days_{{ var("experiment_windows")[0] }}'
        and results.segment_type in ('all', 'cause')
        and results.arm <> '{{ var("experiment_control_arm") }}'
        and results.is_valid
        and results.high_difference > results.low_difference

),

measured as (

    select
        priors.play,
        priors.cause,
        count(*) as experiment_count,
        {{ sum_of_doubles('1 / (effects.standard_error * effects.standard_error)') }} as precision_sum,
        {{ sum_of_doubles('effects.effect / (effects.standard_error * effects.standard_error)') }} as weighted_sum
    from {{ ref('play_priors') }} as priors
    inner join effects
        on instr('_or_' || effects.play || '_or_', '_or_' || priors.play || '_or_') > 0
        and coalesce(effects.cause, priors.cause) = priors.cause
        and effects.standard_error > 1e-6
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
