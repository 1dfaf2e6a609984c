-- What: the revenue of all cohorts in complete months is the net amount of all purchases in them,
-- and what the customers of all channels have spent is the net amount of all purchases; to the
-- cent.
-- Why: figures by cohort and channel are worth as much as their sum.
-- Returns the mart whose sum differs.
with purchased as (

    select
        sum(net_amount) as net_amount,
        sum(net_amount) filter (where days_since_month >= 0) as complete_amount
    from {{ ref('int_latest_purchases') }}

),

sums as (

    select 'cohort_retention' as mart, sum(revenue_amount) as amount
    from {{ ref('cohort_retention') }}
    union all
    select 'aarrr_monthly', sum(revenue_amount)
    from {{ ref('aarrr_monthly') }}

)

select sums.mart, sums.amount
from sums
cross join purchased
where coalesce(sums.amount, 0) <> coalesce(
    case when sums.mart = 'cohort_retention' then purchased.complete_amount else purchased.net_amount end,
    0
)
