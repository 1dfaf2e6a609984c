-- The chance of each comparison, corrected for how many there are. Of several metrics it is
-- by Holm (1979) over all of an observation, so that of eight nothings none is likely to look like something; of several
-- segments by Benjamini and Hochberg (1995), so that of those that are told one in twenty is wrong.
--   Holm, rank r of m   the greatest of p × (m − r + 1) up to it
--   B.-H., rank r of m  the least of p × m ÷ r from it on
--   at any look         difference ± sequential_reach × error, for all looks and all m together
{%- set family = "experiment_id, observation, segment_type, case when segment_type <> 'all' then metric || ':' || arm else 'all' end" %}

with ranked as (

    select
        estimates.*,
        cast(row_number() over (
            partition by {{ family }} order by best_p nulls last, metric nulls last, arm nulls last, segment nulls last
        ) as bigint) as chance_rank,
        count(best_p) over (partition by {{ family }}) as chance_count
    from {{ ref('int_experiment_estimates') }} as estimates

),

corrected as (

    select
        ranked.*,
        max(best_p * (chance_count - chance_rank + 1)) over (
            partition by {{ family }} order by chance_rank nulls last rows between unbounded preceding and current row
        ) as holm_p,
        min(best_p * (cast(chance_count as double) / chance_rank)) over (
            partition by {{ family }} order by chance_rank nulls last rows between current row and unbounded following
        ) as benjamini_hochberg_p,
        cast({{ round_half_up(sequential_reach('n + control_n', 'chance_count'), 12) }} as double) * best_error as sequential_reach
    from ranked

)

select
    corrected.*,
    case when best_p is not null then least(1, case when segment_type = 'all' then holm_p else benjamini_hochberg_p end) end
        as corrected_p,
    best_difference - sequential_reach as low_at_any_look,
    best_difference + sequential_reach as high_at_any_look
from corrected
