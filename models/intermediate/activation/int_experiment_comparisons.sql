-- What each arm did beside the control of the same segment. Of each arm, with y, x and their sums (int_experiment_sums):
--   means and rates  m = Σy ÷ n,   v = (Σyy − (Σy)² ÷ n) ÷ (n − 1)
--   ratios           m = Σy ÷ Σx,  v = (v_y − 2 m c_xy + m² v_x) ÷ x̄²           (delta method)
--   adjusted         y − θ (x − x̄), θ = (C_xy + C_xy of control) ÷ (C_xx + C_xx of control)  (CUPED, Deng et al. 2013)
--   error            √(v ÷ n + v ÷ n of control), its degrees of freedom by Welch and Satterthwaite
-- Of too few in an arm (of ratios with a denominator), or too few events an arm (of rates also too few without), only differences.
{%- set few = whole_number('experiment_min_members', 21) %}

with arms as (

    select
        sums.*,
        metrics.kind,
        sums.x / sums.n as x_mean,
        case when metrics.kind = 'ratio' then sums.y / nullif(sums.x, 0) else sums.y / sums.n end as m,
        case when sums.n > 1 then greatest(sums.yy - sums.y * sums.y / sums.n, 0) end as c_yy,
        case when sums.n > 1 then greatest(sums.xx - sums.x * sums.x / sums.n, 0) end as c_xx,
        case when sums.n > 1 then sums.xy - sums.x * sums.y / sums.n end as c_xy,
        case when metrics.kind = 'ratio' then sums.known_n else sums.n end >= {{ few }} as is_enough
    from {{ ref('int_experiment_sums') }} as sums
    inner join {{ ref('experiment_metrics') }} as metrics on sums.metric = metrics.metric

),

compared as (

    select
        arms.*,
        {%- for column in ['n', 'm', 'x_mean', 'c_yy', 'c_xx', 'c_xy'] %}
        control.{{ column }} as control_{{ column }},
        {%- endfor %}
        arms.is_enough and control.is_enough and 1e0 * least(arms.n, control.n) / (arms.n + control.n) * least(
            arms.happened_n + control.happened_n,
            case when arms.kind = 'rate' then arms.n + control.n else 2e18 end - arms.happened_n - control.happened_n
        ) >= {{ whole_number('experiment_min_events', 1) }} as is_told,
        arms.waiting_n + coalesce(control.waiting_n, 0) = 0 as is_over,
        case
            when arms.kind <> 'ratio' then (arms.c_xy + control.c_xy) / nullif(arms.c_xx + control.c_xx, 0)
        end as theta
    from arms
    left join arms as control
        on arms.experiment_id = control.experiment_id
        and arms.observation = control.observation
        and arms.metric = control.metric
        and arms.segment_type = control.segment_type
        and arms.segment = control.segment
        and control.arm = '{{ var("experiment_control_arm") }}'
        and arms.arm <> control.arm

),

spread as (

    select
        compared.*,
        m - control_m as difference,
        m - control_m - theta * (x_mean - control_x_mean) as adjusted_difference,
        {%- for side in ['', 'control_'] %}
        case
            when kind = 'ratio'
                then greatest({{ side }}c_yy - 2 * {{ side }}m * {{ side }}c_xy + {{ side }}m * {{ side }}m * {{ side }}c_xx, 0)
                    / nullif({{ side }}x_mean * {{ side }}x_mean, 0)
            else {{ side }}c_yy
        end / nullif({{ side }}n - 1, 0) / {{ side }}n as {{ side }}v,
        case
            when theta is not null
                then greatest({{ side }}c_yy - 2 * theta * {{ side }}c_xy + theta * theta * {{ side }}c_xx, 0)
                    / nullif({{ side }}n - 1, 0) / {{ side }}n
        end as {{ side }}adjusted_v,
        case when kind = 'rate' then {{ side }}m end as {{ side }}share,
        {%- endfor %}
        case when kind = 'rate' then (m * n + control_m * control_n) / (n + control_n) end as pooled_share
    from compared

),

tested as (

    select
        spread.*,
        {%- for kind in ['', 'adjusted_'] %}
        sqrt({{ kind }}v + control_{{ kind }}v) as {{ kind }}error,
        case
            when is_told
                then ({{ kind }}v + control_{{ kind }}v) * ({{ kind }}v + control_{{ kind }}v) / nullif(
                    {{ kind }}v * {{ kind }}v / (n - 1) + control_{{ kind }}v * control_{{ kind }}v / (control_n - 1), 0
                )
        end as {{ kind }}df,
        {%- endfor %}
        nullif(sqrt(pooled_share * (1 - pooled_share) * (1e0 / n + 1e0 / control_n)), 0) as pooled_error
    from spread

)

select
    experiment_id,
    observation,
    metric,
    segment_type,
    segment,
    arm,
    kind,
    n,
    m,
    control_n,
    control_m,
    waiting_n,
    is_over,
    is_told,
    theta,
    sqrt(v * n) as deviation,
    {%- for kind in ['', 'adjusted_'] %}
    {{ kind }}difference,
    case when is_told then {{ kind }}error end as {{ kind }}error,
    {{ kind }}df,
    {%- endfor %}
    share,
    control_share,
    case when is_told then pooled_error end as pooled_error
from tested
