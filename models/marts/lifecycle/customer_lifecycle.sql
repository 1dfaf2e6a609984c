-- Where each customer stands, in both languages.
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
from {{ ref('int_lifecycle_states') }} as staged
left join {{ ref('lifecycle_labels') }} as stages on staged.stage = stages.code and stages.kind = 'stage'
left join {{ ref('lifecycle_labels') }} as states on staged.state = states.code and states.kind = 'state'
