-- stage: acquisition until the second purchase; then decline when silent or falling, maturity from
-- enough purchases on, and growth in between.
-- state: by the inactivity against the usual gap; new and reactivated are the first days after a first
-- purchase (or the registration), and after a return from an inactivity gap that counts as a loss.
with stated as (

    select
        measured.*,
        case
            when days_since_last > lost_after_days then 'lost'
            when days_since_last > dormant_after_days then 'dormant'
            when last_gap_days > lost_after_days and days_since_last <= rules.reactivated_days
                then 'reactivated'
            when purchase_day_count < 2 and days_since_last <= rules.new_customer_days then 'new'
            else 'active'
        end as state
    from {{ ref('int_customer_trends') }} as measured
    cross join {{ ref('int_lifecycle_rules') }} as rules

),

staged as (

    select
        stated.*,
        case
            when purchase_count < 2 then 'acquisition'
            when state in ('dormant', 'lost') then 'decline'
            when frequency_trend < rules.decline_trend then 'decline'
            when amount_trend < rules.decline_trend then 'decline'
            when purchase_count >= rules.mature_purchases then 'maturity'
            else 'growth'
        end as stage
    from stated
    cross join {{ ref('int_lifecycle_rules') }} as rules

)

select
    staged.customer_id,
    staged.as_of_date,

    staged.stage,
    stages.name_en as stage_name_en,
    stages.name_zh as stage_name_zh,
    staged.state,
    states.name_en as state_name_en,
    states.name_zh as state_name_zh,

    staged.purchase_count,
    staged.days_since_last,
    staged.usual_gap_days,
    staged.dormant_after_days,
    staged.lost_after_days,
    staged.frequency_trend,
    staged.amount_trend,

    staged.is_latest,
    staged.has_own_rhythm,

    staged.last_purchase_on
from staged
left join {{ ref('lifecycle_labels') }} as stages on staged.stage = stages.code and stages.kind = 'stage'
left join {{ ref('lifecycle_labels') }} as states on staged.state = states.code and states.kind = 'state'
