-- Whether the arms of an experiment have the sizes that its draw should give: χ² of their numbers against the shares that were
-- planned, which are even where the campaign does not say what share was to be left out, or says one that can't be. A chance below
-- sample_ratio_alpha says that people were lost or added in one arm and not in the other, and no comparison holds. Who looks at one
-- observation alone looks at the days of the campaign, or of one without an end at the shortest window.
with arms as (

    select
        experiment_id,
        arm,
        count(*) as member_count,
        count(*) filter (where is_crossing) as crossing_count
    from {{ ref('int_experiment_members') }}
    group by experiment_id, arm

),

planned as (

    select
        arms.*,
        count(*) over (partition by arms.experiment_id) as arm_count,
        sum(arms.member_count) over (partition by arms.experiment_id) as all_count,
        arms.arm = '{{ var("experiment_control_arm") }}' as is_control,
        case when campaigns.ends_on is null then 'days_{{ var("experiment_windows")[0] }}' else 'campaign' end as main_observation,
        case when campaigns.control_share > 0 and campaigns.control_share < 1 then cast(campaigns.control_share as double) end
            as control_share
    from arms
    inner join {{ accepted('campaigns') }} as campaigns on arms.experiment_id = campaigns.campaign_id

),

expected as (

    select
        planned.*,
        all_count * case
            when control_share is null or max(case when is_control then 1 else 0 end) over (partition by experiment_id) = 0
                then 1e0 / arm_count
            when is_control then control_share
            else (1 - control_share) / nullif(arm_count - 1, 0)
        end as expected_count
    from planned

),

tested as (

    select
        experiment_id,
        main_observation,
        count(*) as arm_count,
        cast(sum(crossing_count) as bigint) as crossing_count,
        count(*) filter (where is_control) = 1 and count(*) > 1 as has_control,
        {{ sum_of_doubles(
            '(member_count - expected_count) * (member_count - expected_count) / nullif(expected_count, 0)', 12
        ) }} as chi_square
    from expected
    group by experiment_id, main_observation

)

select
    experiment_id,
    main_observation,
    crossing_count,
    has_control,
    chi_square,
    cast({{ round_half_up(chi_square_tail('chi_square', '(arm_count - 1)'), 9) }} as double) as sample_ratio_p
from tested
