-- What a segment's difference is likely to be, when it is known how the segments differ: of ten segments the best looks better than
-- it is. Each difference d with its variance v is drawn towards the mean of all by as much as chance alone explains how they scatter:
--   between = max(0, (Q − (k − 1)) ÷ (Σw − Σw² ÷ Σw)), w = 1 ÷ v, Q = Σw d² − (Σw d)² ÷ Σw   (DerSimonian and Laird 1986)
--   shrunk  = (between × d + v × mean) ÷ (between + v), with the mean weighted by 1 ÷ (between + v)   (empirical Bayes)
-- Weights are counted in parts of the greatest, and differences in errors of the surest, so that sums are the same in whatever order they
-- are added up, and small ones keep their digits.
{%- set keys = ['experiment_id', 'observation', 'metric', 'segment_type', 'arm'] %}
{%- set z = experiment_deviations() %}

with known as (

    select
        {{ keys | join(', ') }},
        segment,
        best_difference as d,
        best_error * best_error as v,
        min(best_error * best_error) over (partition by {{ keys | join(', ') }}) as least_v
    from {{ ref('int_experiment_estimates') }}
    where segment_type <> 'all'
        and best_error > 0

),

pooled as (

    select
        {{ keys | join(', ') }},
        count(*) as k,
        min(least_v) as least_v,
        {{ sum_of_doubles('least_v / v', 12) }} as w,
        {{ sum_of_doubles('least_v / v * (least_v / v)', 12) }} as ww,
        {{ sum_of_doubles('least_v / v * d / sqrt(least_v)', 12) }} as wd,
        {{ sum_of_doubles('least(d * d / v, 1e20)', 12) }} as wdd
    from known
    group by {{ keys | join(', ') }}

),

scattered as (

    select
        pooled.*,
        greatest(wdd - wd * wd / w, 0) as scatter,
        coalesce(
            greatest((greatest(wdd - wd * wd / w, 0) - (k - 1)) / nullif((w - ww / w) / least_v, 0), 0), 0
        ) as between_v
    from pooled

),

weighed as (

    select
        known.*,
        scattered.k,
        scattered.scatter,
        scattered.between_v,
        (scattered.between_v + known.least_v) / (scattered.between_v + known.v) as weight
    from known
    inner join scattered
        on {% for key in keys %}{{ 'and ' if not loop.first }}known.{{ key }} = scattered.{{ key }} {% endfor %}

),

centred as (

    select
        {{ keys | join(', ') }},
        {{ sum_of_doubles('weight', 12) }} as weights,
        {{ sum_of_doubles('weight * d', 12) }} as weighed_d
    from weighed
    group by {{ keys | join(', ') }}

),

shrunk as (

    select
        weighed.*,
        weighed.v / (weighed.between_v + weighed.v) as drawn_share,
        centred.weighed_d / centred.weights as centre,
        (weighed.between_v + weighed.least_v) / centred.weights as centre_v
    from weighed
    inner join centred
        on {% for key in keys %}{{ 'and ' if not loop.first }}weighed.{{ key }} = centred.{{ key }} {% endfor %}

)

select
    {{ keys | join(', ') }},
    segment,
    cast({{ round_half_up('d + drawn_share * (centre - d)', 9) }} as double) as shrunk_difference,
    cast({{ round_half_up(z ~ 'e0 * sqrt((1 - drawn_share) * v + drawn_share * drawn_share * centre_v)', 9) }} as double) as shrunk_reach,
    cast({{ round_half_up(chi_square_tail('scatter', '(k - 1)'), 9) }} as double) as segments_p
from shrunk
