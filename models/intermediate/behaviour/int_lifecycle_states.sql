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

)

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
