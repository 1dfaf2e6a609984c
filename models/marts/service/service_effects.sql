-- What customers did after a purchase that a ticket names, beside purchases alike (int_service_strata) that none names.
--   difference   = mean over the tickets with a match of (x − mean of x of the purchases alike)
--   its variance = (variance of these differences + s² Σ n² ÷ m ÷ N) ÷ N, of n tickets and m purchases alike a stratum, N
--                  tickets in all, and s² the variance of purchases within strata
-- Nobody was given a ticket by lot: it is an association. How unlike both were before, in standard deviations, is said.
{%- set z = var('interval_standard_deviations') %}

with plain as (

    select
        measure,
        sum(purchase_count) as n,
        {{ sum_of_doubles('measure_sum') }} as x,
        {{ sum_of_doubles('measure_square') }} as xx,
        {{ sum_of_doubles('measure_square - measure_sum * measure_sum / purchase_count') }}
            / nullif(sum(purchase_count - 1), 0) as variance_within
    from {{ ref('int_service_strata') }}
    where reason = 'none'
    group by measure

),

tickets as (

    select
        strata.measure,
        strata.measure_role,
        case when reasons.is_each then strata.reason else 'all' end as reason,
        strata.stratum_id,
        sum(strata.purchase_count) as n,
        {{ sum_of_doubles('strata.measure_sum') }} as x,
        {{ sum_of_doubles('strata.measure_square') }} as xx
    from {{ ref('int_service_strata') }} as strata
    cross join (select true as is_each union all select false) as reasons
    where strata.reason <> 'none'
    group by
        strata.measure, strata.measure_role, case when reasons.is_each then strata.reason else 'all' end, strata.stratum_id

),

matched as (

    select
        tickets.*,
        alike.purchase_count as m,
        alike.measure_sum / alike.purchase_count as mean_alike,
        case when alike.purchase_count is not null then tickets.n end as matched_n
    from tickets
    left join {{ ref('int_service_strata') }} as alike
        on tickets.stratum_id = alike.stratum_id
        and tickets.measure = alike.measure
        and alike.reason = 'none'

),

summed as (

    select
        reason,
        measure,
        measure_role,
        sum(n) as n,
        {{ sum_of_doubles('x') }} as x,
        {{ sum_of_doubles('xx') }} as xx,
        sum(matched_n) as matched_n,
        {{ sum_of_doubles('case when m > 0 then x end') }} as matched_x,
        {{ sum_of_doubles('n * mean_alike') }} as alike_x,
        {{ sum_of_doubles('xx - 2 * mean_alike * x + n * mean_alike * mean_alike') }} as square_of_differences,
        {{ sum_of_doubles('cast(n as double) * n / m') }} as n_n_by_m
    from matched
    group by reason, measure, measure_role

),

estimated as (

    select
        summed.*,
        summed.matched_x / summed.matched_n as ticket_mean,
        summed.alike_x / summed.matched_n as matched_mean,
        (summed.matched_x - summed.alike_x) / summed.matched_n as difference,
        summed.x / summed.n - plain.x / plain.n as raw_difference,
        case
            when summed.matched_n > 1
                then sqrt((
                    greatest(
                        summed.square_of_differences
                        - (summed.matched_x - summed.alike_x) * (summed.matched_x - summed.alike_x) / summed.matched_n,
                        0
                    ) / (summed.matched_n - 1)
                    + plain.variance_within * summed.n_n_by_m / summed.matched_n
                ) / summed.matched_n)
        end as standard_error,
        nullif(sqrt(greatest(plain.xx / plain.n - plain.x / plain.n * plain.x / plain.n, 0)), 0) as deviation
    from summed
    left join plain on summed.measure = plain.measure

)

select
    reason,
    measure,
    measure_role,

    cast(n as bigint) as ticket_count,
    cast(coalesce(matched_n, 0) as bigint) as matched_ticket_count,
    ticket_mean,
    matched_mean,
    difference,
    difference - {{ z }} * standard_error as low_difference,
    difference + {{ z }} * standard_error as high_difference,
    raw_difference / deviation as raw_deviations,
    difference / deviation as matched_deviations,
    case when measure_role = 'balance' then abs(difference / deviation) <= {{ var('balance_max_deviations') }} end as is_balanced,
    learnt.learnt_until
from estimated
cross join {{ ref('int_learnt_until') }} as learnt
