-- How often one channel followed another on the way to a purchase, or to nothing: the arrows of the Markov chain whose
-- removal effects `regulars fit markov` takes. Paths count once their customers have had the whole look-back to buy, else
-- the youngest would be among those who bought only.
with latest as (

    select as_of_date from {{ ref('int_as_of_dates') }} where is_latest

),

ranked as (

    select
        paths.customer_id,
        paths.path_number,
        paths.channel,
        paths.purchased_on,
        lag(paths.channel) over in_order as previous_channel,
        lead(paths.channel) over in_order as next_channel,
        max(paths.touched_on) over (partition by paths.customer_id, paths.path_number) as last_touched_on
    from {{ ref('int_touch_paths') }} as paths
    window in_order as (
        partition by paths.customer_id, paths.path_number
        order by paths.touch_number nulls last, paths.touch_id nulls last
    )

),

closed as (

    select ranked.*
    from ranked
    inner join latest
        on {{ days_between('ranked.last_touched_on', 'latest.as_of_date') }} > {{ var('attribution_lookback_days') }}

),

steps as (

    select
        coalesce(previous_channel, '(begin)') as from_step,
        channel as to_step
    from closed
    union all
    select
        channel,
        case when purchased_on is not null then '(purchase)' else '(nothing)' end
    from closed
    where next_channel is null

)

select
    from_step,
    to_step,
    count(*) as transition_count
from steps
group by from_step, to_step
