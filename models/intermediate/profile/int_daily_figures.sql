-- What is told of everybody anew on each day of analysis, mostly that it is as it was: the score of what they spent, as a share of the highest, so
-- that a rule holds however many scores there are; the tier; and where they stand in the lifecycle. What is not counted is null.
with days as (

    select
        as_of_date,
        lead(as_of_date) over (order by as_of_date nulls last) as next_as_of_date,
        {{ month_looked_back_on('as_of_date') }} as calendar_month
    from {{ ref('int_as_of_dates') }}

)

select
    customers.customer_number, 'spend_score' as figure, cast(scores.m_score as string) as item,
    days.as_of_date as valid_from, days.next_as_of_date as valid_to,
    scores.spend_amount as amount, cast(scores.m_score as double) / {{ whole_number('rfm_scores', 2) }} as share,
    scores.frequency as evidence_count, cast(null as string) as source_systems
from {{ ref('int_rfm_scores') }} as scores
inner join {{ ref('int_customers') }} as customers on scores.customer_id = customers.customer_id
inner join days on scores.as_of_date = days.as_of_date
union all
select
    customers.customer_number, 'membership_tier', {{ lower_ascii('tiers.membership_tier') }}, days.as_of_date, days.next_as_of_date,
    null, null, 1, tiers.source_system
from {{ ref('int_member_tiers') }} as tiers
inner join {{ ref('int_customers') }} as customers on tiers.customer_id = customers.customer_id
inner join days on tiers.calendar_month = days.calendar_month
where tiers.membership_tier <> 'none'
union all
select
    customers.customer_number, told.figure, case told.figure when 'lifecycle_state' then lifecycle.state else lifecycle.stage end,
    days.as_of_date, days.next_as_of_date, cast(lifecycle.days_since_last as decimal(18,2)), null, lifecycle.purchase_count, null
from {{ ref('int_lifecycle_states') }} as lifecycle
inner join {{ ref('int_customers') }} as customers on lifecycle.customer_id = customers.customer_id
inner join days on lifecycle.as_of_date = days.as_of_date
cross join (select 'lifecycle_state' as figure union all select 'lifecycle_stage') as told
