-- state: by the inactivity against the usual gap. Who never bought is a prospect and can't be lost; reactivated and new
-- are the first days after a return from a loss, whatever is bought in them, and after a first purchase.
-- stage: decline when silent or falling, though it was after one purchase; else acquisition until the second day with a
-- purchase, maturity from enough of them on, and growth in between.
with stated as (

    select
        measured.*,
        case
            when purchase_count = 0 then 'prospect'
            when is_lost then 'lost'
            when returned_on is not null then 'reactivated'
            when days_since_last > dormant_after_days then 'dormant'
            when purchase_day_count = 1 and days_since_last <= rules.new_customer_days then 'new'
            else 'active'
        end as state
    from {{ ref('int_customer_trends') }} as measured
    cross join {{ ref('int_lifecycle_rules') }} as rules

),

staged as (

    select
        stated.*,
        case
            when state in ('dormant', 'lost') or is_frequency_falling or is_amount_falling then 'decline'
            when purchase_day_count < 2 then 'acquisition'
            when purchase_day_count >= rules.mature_purchases then 'maturity'
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
    staged.purchase_day_count,
    staged.days_since_last,
    staged.usual_gap_days,
    staged.dormant_after_days,
    staged.lost_after_days,
    staged.frequency_trend,
    staged.amount_trend,

    staged.is_latest,
    staged.has_own_rhythm,
    staged.is_frequency_falling,
    staged.is_amount_falling,

    staged.returned_on,
    staged.last_purchase_on
from staged
left join {{ ref('lifecycle_labels') }} as stages on staged.stage = stages.code and stages.kind = 'stage'
left join {{ ref('lifecycle_labels') }} as states on staged.state = states.code and states.kind = 'state'
