-- What: as many customers have the state lost on the latest day as the calibration says of the chosen window, as stand with the
-- signal of it, and as the causes look at.
-- Why: two figures of one name make nobody believe either.
-- Returns the counts that differ from the number of states.
with states as (

    select count(*) as customer_count
    from {{ ref('customer_lifecycle') }}
    where is_latest
        and state = 'lost'

),

others as (

    select
        'churn_window_calibration' as mart,
        coalesce(sum(lost_customer_count), 0) as customer_count
    from {{ ref('churn_window_calibration') }}
    where is_chosen
    union all
    select 'customer_churn_signals', count(*)
    from {{ ref('customer_churn_signals') }}
    where signal = 'beyond_threshold'
        and is_fired
    union all
    select 'customer_churn_causes', count(*)
    from {{ ref('customer_churn_causes') }}

)

select others.mart, others.customer_count, states.customer_count as lost_customer_count
from others
inner join states on others.customer_count <> states.customer_count
